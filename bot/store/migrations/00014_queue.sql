-- +goose Up
-- When a ticket counts as having been opened: the queue goes by it.
ALTER TABLE tickets ADD COLUMN rank BIGINT NOT NULL DEFAULT 0;
UPDATE tickets SET rank = {{rank}};
CREATE INDEX tickets_queue ON tickets (rank, number) WHERE status = 'open';
