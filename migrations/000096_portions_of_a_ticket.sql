-- Up Migration

-- Learned: how many tickets the portions of `done_portions` were, fading as they do; so a line knows how many orders a station takes.
ALTER TABLE station_pace ADD COLUMN done_tickets real NOT NULL DEFAULT 0;
