-- +goose Up
-- Turns in which something that was asked was answered. One turn may have several answers, and some answers are told later, when nothing is asked.
ALTER TABLE tallies ADD COLUMN met BIGINT NOT NULL DEFAULT -1; -- -1 is of before it was counted: the most that it can have been
UPDATE tallies SET met = CASE WHEN answers < questions THEN answers ELSE questions END WHERE met < 0;
