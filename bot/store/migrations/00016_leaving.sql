-- +goose Up
-- Misses that were answered after all leave their groups, and join none.
DROP INDEX misses_unplaced;
CREATE INDEX misses_unplaced ON misses (at, id) WHERE gap = 0 AND NOT answered;
CREATE INDEX misses_leaving ON misses (placed) WHERE placed > 0 AND answered;
