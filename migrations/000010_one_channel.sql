-- Up Migration

-- What one effect has done with one order: an effect that adds up asks here whether it has counted the order already.
CREATE TABLE effect_done (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (store_id, order_id, kind)
) PARTITION BY RANGE (order_id);

-- One order's slip for one station's printer. The key is made of what it is, so making a slip twice changes nothing.
CREATE TABLE print_slip (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  station text NOT NULL,
  -- Until then an agent is printing it; after that it is handed out again.
  handed_until timestamptz,
  handed smallint NOT NULL DEFAULT 0,
  done_at timestamptz,
  PRIMARY KEY (store_id, order_id, station)
) PARTITION BY RANGE (order_id);

-- A printer asks only for what is still to be printed, however long the shop has existed.
CREATE INDEX print_slip_waiting ON print_slip (store_id, station, order_id) WHERE done_at IS NULL;

-- What was ordered in an hour; the ranking is read from it.
CREATE TABLE ranking_hour (
  store_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  item_id uuid NOT NULL,
  quantity integer NOT NULL,
  PRIMARY KEY (store_id, hour, item_id)
);

-- Where a store's events are sent to.
CREATE TABLE webhook (
  store_id uuid NOT NULL REFERENCES store,
  id uuid NOT NULL,
  url text NOT NULL,
  secret text NOT NULL,
  events text[] NOT NULL,
  -- Deliveries that failed since the last one that arrived; too many pause it.
  failures integer NOT NULL DEFAULT 0,
  paused_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (store_id, id)
);

-- As before, and for the two tables above.
CREATE OR REPLACE FUNCTION ensure_order_partitions(from_month date, to_month date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  month date := date_trunc('month', from_month);
  parent text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_order_partitions'));
  WHILE month <= to_month LOOP
    FOREACH parent IN ARRAY ARRAY[
      'orders', 'order_line', 'order_event', 'order_note', 'ticket', 'effect_done', 'print_slip'
    ] LOOP
      IF to_regclass(format('%I', parent || to_char(month, '_YYYY_MM'))) IS NULL THEN
        EXECUTE format(
          'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          parent || to_char(month, '_YYYY_MM'), parent,
          uuid_v7_floor(month::timestamp AT TIME ZONE 'UTC'),
          uuid_v7_floor((month + interval '1 month')::timestamp AT TIME ZONE 'UTC'));
        made := made + 1;
      END IF;
    END LOOP;
    month := month + interval '1 month';
  END LOOP;
  RETURN made;
END
$$;

-- For every month that has orders already.
SELECT ensure_order_partitions(month::date, month::date)
FROM (SELECT to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') AS month
      FROM pg_inherits WHERE inhparent = 'orders'::regclass) months;
