-- Up Migration

-- How many with a place each process has served of a line: one process lets people in for all of them, and need not wait for those whom
-- another one has served.
ALTER TABLE line_teller ADD COLUMN came integer NOT NULL DEFAULT 0;
