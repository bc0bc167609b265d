-- +goose Up
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('changes', 0), ('tickets', 0);

CREATE TABLE entries (
    id     TEXT{{bytes}} PRIMARY KEY,
    head   BIGINT NOT NULL,
    live   BIGINT NOT NULL,
    status TEXT NOT NULL,
    served BIGINT NOT NULL -- the count of changes when what is served last changed; 0 is never
);
CREATE INDEX entries_served ON entries (served);

CREATE TABLE revisions (
    entry    TEXT{{bytes}} NOT NULL REFERENCES entries (id),
    number   BIGINT NOT NULL,
    status   TEXT NOT NULL,
    live     BIGINT NOT NULL,
    restores BIGINT NOT NULL,
    author   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    note     TEXT NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (entry, number)
);
