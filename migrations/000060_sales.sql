-- Up Migration

-- What is to be posted to the books, written by the transaction that makes it true: an order that was placed weighs 1, a cancel
-- takes it back with -1. Whoever posts takes rows out and changes the books in one transaction, so each counts once. `at` only
-- says which come first.
CREATE TABLE sales_due (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  weight smallint NOT NULL CHECK (weight IN (1, -1)),
  at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000);

-- The books: what was sold on a store's business day, which is the order's own. No row is ever taken away, so a count may be 0.
CREATE TABLE sales_day (
  store_id uuid NOT NULL,
  day date NOT NULL,
  orders bigint NOT NULL,
  portions bigint NOT NULL,
  total bigint NOT NULL,
  -- When the day was over and its figures were found to be those of its orders; null again when something is posted after that.
  closed_at timestamptz,
  -- When its figures were last compared with its orders.
  audited_at timestamptz,
  PRIMARY KEY (store_id, day)
) WITH (fillfactor = 70);
CREATE INDEX sales_day_open ON sales_day (day) WHERE closed_at IS NULL;

-- By quarters of an hour, UTC: the hours of every place begin at one, whichever zone and whichever time of the year it has.
CREATE TABLE sales_quarter (
  store_id uuid NOT NULL,
  day date NOT NULL,
  quarter timestamptz NOT NULL,
  orders bigint NOT NULL,
  portions bigint NOT NULL,
  total bigint NOT NULL,
  PRIMARY KEY (store_id, day, quarter)
) WITH (fillfactor = 70);

-- By dish, under the name and the station that it had when it was sold.
CREATE TABLE sales_item (
  store_id uuid NOT NULL,
  day date NOT NULL,
  item_id uuid NOT NULL,
  station text NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  orders bigint NOT NULL,
  portions bigint NOT NULL,
  total bigint NOT NULL,
  PRIMARY KEY (store_id, day, item_id, station, name_ko, name_en)
) WITH (fillfactor = 70);

-- Not the sum of its dishes: an order of two dishes of one station is one order.
CREATE TABLE sales_station (
  store_id uuid NOT NULL,
  day date NOT NULL,
  station text NOT NULL,
  orders bigint NOT NULL,
  portions bigint NOT NULL,
  total bigint NOT NULL,
  PRIMARY KEY (store_id, day, station)
) WITH (fillfactor = 70);

-- What a dish was called, and which station made it, until it was changed. What it is called now is in `item`.
CREATE TABLE item_former (
  store_id uuid NOT NULL,
  item_id uuid NOT NULL,
  until timestamptz NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  station text NOT NULL,
  PRIMARY KEY (store_id, item_id, until)
);

-- The scheduled batch: how often each kind has run, and its last runs in a ring, so that nothing has to be cleaned up.
CREATE TABLE batch_job (
  kind text PRIMARY KEY,
  runs bigint NOT NULL
);
CREATE TABLE batch_run (
  kind text NOT NULL,
  place smallint NOT NULL,
  run bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  -- Null: it is under way, or its process was killed.
  ended_at timestamptz,
  -- What it did, in words.
  did text,
  -- Why it failed.
  error text,
  -- What a person should look at although it did not fail.
  alert text,
  PRIMARY KEY (kind, place)
);

-- What was sold before there were books is posted by the first run.
INSERT INTO sales_due (store_id, order_id, weight, at)
SELECT store_id, id, 1, placed_at FROM orders WHERE status <> 'cancelled';
