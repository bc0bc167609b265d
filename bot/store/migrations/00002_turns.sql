-- +goose Up
CREATE TABLE inbox (
    event TEXT PRIMARY KEY,
    at    BIGINT NOT NULL
){{clustered}};
CREATE INDEX inbox_at ON inbox (at);

CREATE TABLE conversations (
    id      TEXT PRIMARY KEY,
    place   TEXT NOT NULL, -- bot.KeyOf
    ordinal BIGINT NOT NULL,
    version BIGINT NOT NULL,
    network TEXT NOT NULL,
    chat    TEXT NOT NULL,
    person  TEXT NOT NULL,
    last_at BIGINT NOT NULL,
    body    TEXT NOT NULL,
    UNIQUE (place, ordinal)
);
CREATE INDEX conversations_person ON conversations (network, person);

CREATE TABLE lines (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    message      TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (conversation, version, position)
){{clustered}};
CREATE INDEX lines_at ON lines (at);

CREATE TABLE outcomes (
    conversation TEXT NOT NULL, -- a name that leads nowhere, once the customer is forgotten
    version      BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    entry        TEXT NOT NULL,
    confidence   DOUBLE PRECISION NOT NULL,
    language     TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (conversation, version, position)
){{clustered}};
CREATE INDEX outcomes_at ON outcomes (at, kind, entry);

CREATE TABLE misses (
    id           TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    person       TEXT NOT NULL,
    network      TEXT NOT NULL,
    at           BIGINT NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX misses_at ON misses (at);
CREATE INDEX misses_conversation ON misses (conversation);
CREATE INDEX misses_person ON misses (network, person);

CREATE TABLE tickets (
    id           TEXT PRIMARY KEY,
    number       BIGINT NOT NULL UNIQUE,
    conversation TEXT NOT NULL,
    network      TEXT NOT NULL,
    person       TEXT NOT NULL,
    status       TEXT NOT NULL,
    version      BIGINT NOT NULL,
    body         TEXT NOT NULL
);
-- A customer has one open ticket, wherever they write: two that are opened at the same moment are one and a conflict.
CREATE UNIQUE INDEX tickets_open ON tickets (network, person) WHERE status <> 'closed';
CREATE INDEX tickets_person ON tickets (network, person);

CREATE TABLE timers (
    id           TEXT PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    due          BIGINT NOT NULL,
    body         TEXT NOT NULL,
    UNIQUE (conversation, kind)
);
CREATE INDEX timers_due ON timers (due);

CREATE TABLE actions (
    token        TEXT PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    network      TEXT NOT NULL, -- where the button was shown
    chat         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    body         TEXT NOT NULL
){{clustered}};
CREATE INDEX actions_at ON actions (at);
CREATE INDEX actions_conversation ON actions (conversation);

CREATE TABLE deferred (
    id       {{serial}},
    event    TEXT NOT NULL UNIQUE,
    timer    TEXT NOT NULL, -- the timer's ID, for an event that is one
    place    TEXT NOT NULL,
    network  TEXT NOT NULL,
    person   TEXT NOT NULL,
    cause    TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    aside    BOOLEAN NOT NULL,
    retry_at BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    body     TEXT NOT NULL
);
CREATE INDEX deferred_place ON deferred (place, id);
CREATE INDEX deferred_retry ON deferred (retry_at) WHERE NOT aside;
CREATE INDEX deferred_person ON deferred (network, person);
