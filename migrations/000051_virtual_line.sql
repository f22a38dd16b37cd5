-- Up Migration

-- The virtual line of orders, where there is no Redis: how many came in which second, and how many of them were let in. Not in the log:
-- a crash forgets who waits, their places do not.
CREATE UNLOGGED TABLE line_slot (
  store_id uuid NOT NULL,
  -- Seconds since 1970.
  slot bigint NOT NULL,
  arrived integer NOT NULL,
  admitted integer NOT NULL,
  -- When anything was last heard of it.
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (store_id, slot)
) WITH (fillfactor = 50);
