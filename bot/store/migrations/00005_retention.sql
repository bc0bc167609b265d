-- +goose Up
-- Times by which old rows are found. For what is there already the time begins with this update.
ALTER TABLE tickets ADD COLUMN closed_at BIGINT NOT NULL DEFAULT 0; -- 0 until it is closed
UPDATE tickets SET closed_at = {{clock}} * 1000 WHERE status = 'closed';
CREATE INDEX tickets_closed ON tickets (closed_at) WHERE status = 'closed';
CREATE INDEX tickets_conversation ON tickets (conversation);

ALTER TABLE cursors ADD COLUMN at BIGINT NOT NULL DEFAULT 0; -- when it was set
UPDATE cursors SET at = {{clock}} * 1000;

CREATE INDEX webchat_sessions_created ON webchat_sessions (created);
