-- Up Migration

ALTER TABLE store
  -- Whether an order for a table must carry the signature of that table's printed link.
  ADD COLUMN table_links text NOT NULL DEFAULT 'open' CHECK (table_links IN ('open', 'signed')),
  -- How often a table's link was replaced, by its name; one that is not here never was.
  ADD COLUMN table_generations jsonb NOT NULL DEFAULT '{}';
