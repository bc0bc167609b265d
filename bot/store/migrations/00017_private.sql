-- +goose Up
ALTER TABLE threads ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE; -- seen by those alone who were let in
