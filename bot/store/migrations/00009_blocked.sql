-- +goose Up
CREATE TABLE blocked (
    network TEXT{{bytes}} NOT NULL,
    person  TEXT{{bytes}} NOT NULL,
    number  BIGINT NOT NULL, -- of the ticket that it was for
    until   BIGINT NOT NULL,
    author  TEXT NOT NULL,
    PRIMARY KEY (network, person)
){{clustered}};
