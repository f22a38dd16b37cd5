-- Up Migration

-- How far each teller of a virtual line is, where there is no Redis: what it counted is added once, also when it could not know whether it
-- was heard and says it again. Not in the log, as the counts themselves.
CREATE UNLOGGED TABLE line_teller (
  store_id uuid NOT NULL,
  teller uuid NOT NULL,
  turn integer NOT NULL,
  told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (store_id, teller)
) WITH (fillfactor = 50);
