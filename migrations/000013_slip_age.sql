-- Up Migration

-- How old a slip is must not be read from its order's id: that has the time of the client's clock, which may be a day off.
ALTER TABLE print_slip ADD COLUMN made_at timestamptz NOT NULL DEFAULT now();
