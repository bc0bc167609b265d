-- +goose Up
CREATE TABLE judged (
    id      TEXT PRIMARY KEY,
    network TEXT NOT NULL, -- with person, whose question it is; both are empty where it is nobody's
    person  TEXT NOT NULL,
    source  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    number  BIGINT NOT NULL, -- the count of verdicts when this one was stored
    body    TEXT NOT NULL
);
CREATE INDEX judged_number ON judged (number);
CREATE INDEX judged_at ON judged (at, source);
CREATE INDEX judged_person ON judged (network, person);
