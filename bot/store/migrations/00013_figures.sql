-- +goose Up
-- What figures are made of: times and counts, for ever, under names that lead nowhere once what they name is deleted (insight.Alias).
CREATE TABLE tallies (
    alias       TEXT PRIMARY KEY, -- of a conversation
    person      TEXT NOT NULL, -- insight.PersonOf; empty once it is known whether they come back
    network     TEXT NOT NULL,
    language    TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL, -- what the customer did last
    returned_at BIGINT NOT NULL, -- 0 until they ask again elsewhere, soon enough to count
    questions   BIGINT NOT NULL,
    fell_back   BIGINT NOT NULL,
    answers     BIGINT NOT NULL,
    rejected    BIGINT NOT NULL,
    standing    TEXT NOT NULL,
    confirmed   BOOLEAN NOT NULL,
    ticket      TEXT NOT NULL -- the alias of the last one; empty is none
);
CREATE INDEX tallies_started ON tallies (started_at);
CREATE INDEX tallies_person ON tallies (network, person, ended_at) WHERE person <> '';

CREATE TABLE handoffs (
    alias      TEXT PRIMARY KEY, -- of a ticket
    network    TEXT NOT NULL,
    language   TEXT NOT NULL,
    opened_at  BIGINT NOT NULL, -- first
    replied_at BIGINT NOT NULL, -- first; 0 until then
    closed_at  BIGINT NOT NULL, -- last; 0 while it is open
    ending     TEXT NOT NULL,
    rating     BIGINT NOT NULL
);
CREATE INDEX handoffs_opened ON handoffs (opened_at);

CREATE TABLE promises (
    ticket  TEXT NOT NULL, -- its alias
    made_at BIGINT NOT NULL,
    due     BIGINT NOT NULL,
    moved   BOOLEAN NOT NULL,
    fate    TEXT NOT NULL,
    PRIMARY KEY (ticket, made_at)
){{clustered}};
CREATE INDEX promises_made ON promises (made_at);

-- What staff said of the answers of the weekly sample.
CREATE TABLE sampled (
    answer      TEXT PRIMARY KEY, -- an alias of conversation, version and position
    answered_at BIGINT NOT NULL,
    verdict     TEXT NOT NULL
);
CREATE INDEX sampled_answered ON sampled (answered_at);
