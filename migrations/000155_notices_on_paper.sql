-- Up Migration

-- A slip that orders nothing: guests sit at another table, or a dish of an order is fewer. As a receipt it is handed out, printed, acknowledged
-- and printed again, under an id of its own.
ALTER TABLE print_slip ADD COLUMN notice jsonb;

-- Where the guests of a ticket sat when it was made; null: where they sit now.
ALTER TABLE ticket ADD COLUMN moved_from text;
