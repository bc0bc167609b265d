-- +goose Up
CREATE TABLE saved (
    key  TEXT{{bytes}} PRIMARY KEY, -- the name, folded
    body TEXT NOT NULL
);
