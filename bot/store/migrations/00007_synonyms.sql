-- +goose Up
CREATE TABLE synonyms (
    id       TEXT{{bytes}} PRIMARY KEY,
    language TEXT{{bytes}} NOT NULL,
    terms    TEXT NOT NULL,
    author   TEXT NOT NULL,
    at       BIGINT NOT NULL
);
