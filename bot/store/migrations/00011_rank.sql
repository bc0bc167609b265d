-- +goose Up
ALTER TABLE outbox ADD COLUMN rank BIGINT NOT NULL DEFAULT 0; -- the order within a chat, before that of writing
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (network, chat, rank, id) WHERE state = 'waiting';
