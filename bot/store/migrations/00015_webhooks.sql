-- +goose Up
-- Events on their way to those who asked to be told. A row that arrived is deleted.
CREATE TABLE webhooks (
    event      TEXT{{bytes}} NOT NULL,
    target     TEXT{{bytes}} NOT NULL, -- a digest of the address
    kind       TEXT NOT NULL,
    at         BIGINT NOT NULL, -- when it happened
    data       TEXT NOT NULL,
    attempts   BIGINT NOT NULL, -- that failed
    tried_at   BIGINT NOT NULL, -- the first of them; 0 is none
    due        BIGINT NOT NULL,
    reason     TEXT NOT NULL, -- why the last of them failed
    settled_at BIGINT NOT NULL, -- 0 until it is given up
    PRIMARY KEY (event, target)
){{clustered}};
CREATE INDEX webhooks_waiting ON webhooks (target, due, at, event) WHERE settled_at = 0;
CREATE INDEX webhooks_failed ON webhooks (settled_at) WHERE settled_at > 0;
