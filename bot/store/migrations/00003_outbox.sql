-- +goose Up
-- A row's state is waiting (never tried), sending, retrying (tried, to be tried again), sent or failed.
CREATE TABLE outbox (
    id           {{serial}},
    network      TEXT NOT NULL,
    chat         TEXT NOT NULL,
    conversation TEXT NOT NULL,
    version      BIGINT NOT NULL,
    position     BIGINT NOT NULL, -- of the line that says the same; -1 is none
    body         TEXT NOT NULL,
    urgent       BOOLEAN NOT NULL,
    not_before   BIGINT NOT NULL,
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    unknown      BOOLEAN NOT NULL,
    claim        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    message      TEXT NOT NULL,
    since        BIGINT NOT NULL, -- the order among chats: when it was written
    settled_at   BIGINT NOT NULL -- 0 until it is sent or failed
);
CREATE INDEX outbox_waiting ON outbox (network, chat, id) WHERE state = 'waiting';
CREATE INDEX outbox_held ON outbox (network, not_before) WHERE state = 'waiting' AND not_before > 0;
CREATE INDEX outbox_sending ON outbox (network, chat, id) WHERE state = 'sending';
CREATE INDEX outbox_retrying ON outbox (network, chat, id) WHERE state = 'retrying';
CREATE INDEX outbox_failed ON outbox (settled_at) WHERE state = 'failed';
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at > 0;
CREATE INDEX outbox_conversation ON outbox (conversation);

-- One row for each chat that something is to be sent to. It makes taking fast, whatever has piled up, and its lock puts those
-- who write to a chat in a row. Its state is free, sending or retrying; due is the earliest time at which there may be
-- something to take; urgent and since are those of the row that this would be.
CREATE TABLE queues (
    network TEXT NOT NULL,
    chat    TEXT NOT NULL,
    state   TEXT NOT NULL,
    due     BIGINT NOT NULL,
    urgent  BOOLEAN NOT NULL,
    since   BIGINT NOT NULL,
    PRIMARY KEY (network, chat)
){{clustered}};
CREATE INDEX queues_ready ON queues (network, urgent DESC, since) WHERE state <> 'sending';

CREATE TABLE leases (
    name    TEXT PRIMARY KEY,
    holder  TEXT NOT NULL,
    expires BIGINT NOT NULL -- milliseconds, by the database's clock
);

CREATE TABLE cursors (
    name  TEXT{{bytes}} PRIMARY KEY,
    value TEXT NOT NULL
);
