-- +goose Up
CREATE TABLE desks (
    id      TEXT{{bytes}} PRIMARY KEY,
    network TEXT NOT NULL,
    chat    TEXT NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    UNIQUE (network, chat)
);

CREATE TABLE staff (
    id      TEXT{{bytes}} PRIMARY KEY,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL
);

CREATE TABLE codes (
    hash    TEXT PRIMARY KEY,
    owner   BOOLEAN NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE threads (
    ticket  TEXT{{bytes}} NOT NULL,
    desk    TEXT{{bytes}} NOT NULL,
    network TEXT NOT NULL,
    chat    TEXT NOT NULL,
    thread  TEXT NOT NULL,
    card    TEXT NOT NULL, -- the message that shows the ticket
    state   TEXT NOT NULL,
    PRIMARY KEY (ticket, desk)
){{clustered}};
CREATE INDEX threads_thread ON threads (network, chat, thread);
CREATE INDEX threads_card ON threads (network, chat, card);

-- Which message of one place is which of another.
CREATE TABLE links (
    network        TEXT NOT NULL,
    chat           TEXT NOT NULL,
    message        TEXT NOT NULL,
    ticket         TEXT NOT NULL,
    thread         TEXT NOT NULL,
    origin_network TEXT NOT NULL,
    origin_chat    TEXT NOT NULL,
    origin_thread  TEXT NOT NULL,
    origin_message TEXT NOT NULL,
    at             BIGINT NOT NULL,
    PRIMARY KEY (network, chat, message, origin_message) -- several are shown in one where they were joined
){{clustered}};
CREATE INDEX links_origin ON links (origin_network, origin_chat, origin_message);
CREATE INDEX tickets_waiting ON tickets (status, number);
CREATE INDEX links_ticket ON links (ticket);

ALTER TABLE outbox ADD COLUMN ticket TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN desk TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN act TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN post TEXT NOT NULL DEFAULT ''; -- what it has to do with the ticket
ALTER TABLE outbox ADD COLUMN lead BIGINT NOT NULL DEFAULT 0; -- the row that this one was sent together with
CREATE INDEX outbox_lead ON outbox (lead) WHERE lead > 0;
CREATE INDEX outbox_thread ON outbox (ticket, desk) WHERE ticket <> '' AND settled_at = 0;
