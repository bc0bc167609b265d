-- +goose Up
CREATE TABLE webchat_sessions (
    token_hash TEXT PRIMARY KEY,
    visitor    TEXT NOT NULL UNIQUE,
    created    BIGINT NOT NULL,
    number     BIGINT NOT NULL -- the last that a line was given
);

CREATE TABLE webchat_lines (
    visitor TEXT NOT NULL REFERENCES webchat_sessions (visitor) ON DELETE CASCADE,
    number  BIGINT NOT NULL,
    name    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (visitor, number),
    UNIQUE (visitor, name)
){{clustered}};
CREATE INDEX webchat_lines_at ON webchat_lines (at);
