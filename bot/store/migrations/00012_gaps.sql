-- +goose Up
-- What groups and figures count of a miss stands beside its text; what is there wins over what the text says.
ALTER TABLE misses ADD COLUMN gap BIGINT NOT NULL DEFAULT 0;     -- the group that it belongs to; 0 until it was looked at
ALTER TABLE misses ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
ALTER TABLE misses ADD COLUMN placed BIGINT NOT NULL DEFAULT 0;  -- as the how manieth it was put into a group
ALTER TABLE misses ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE misses ADD COLUMN answered BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE misses ADD COLUMN wants BOOLEAN NOT NULL DEFAULT FALSE; -- they asked to be told
ALTER TABLE misses ADD COLUMN ticket TEXT NOT NULL DEFAULT '';
ALTER TABLE misses ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE misses ADD COLUMN minutes BIGINT NOT NULL DEFAULT 0; -- of staff
UPDATE misses SET answered = TRUE WHERE body LIKE '%"answered":true%';
DROP INDEX misses_at;
CREATE INDEX misses_at ON misses (at, gap, person, answered);
CREATE INDEX misses_gap ON misses (gap, at, person, answered, minutes);
CREATE INDEX misses_unplaced ON misses (at, id) WHERE gap = 0;
CREATE INDEX misses_placed ON misses (placed) WHERE placed > 0;
CREATE INDEX misses_ticket ON misses (ticket) WHERE ticket <> '';
CREATE INDEX misses_wants ON misses (gap) WHERE wants;

CREATE TABLE gaps (
    id        BIGINT PRIMARY KEY,
    status    TEXT NOT NULL,
    closed_at BIGINT NOT NULL, -- 0 while it is open
    version   BIGINT NOT NULL,
    body      TEXT NOT NULL
);
CREATE INDEX gaps_status ON gaps (status, id);

-- What people want done to groups by hand, in order: it is kept for ever.
CREATE TABLE gap_edits (
    number {{serial}},
    done   BOOLEAN NOT NULL,
    author TEXT NOT NULL,
    at     BIGINT NOT NULL,
    body   TEXT NOT NULL
);
CREATE INDEX gap_edits_open ON gap_edits (number) WHERE NOT done;
INSERT INTO counters (name, value) VALUES ('sorted', 0);
