-- Up Migration

-- Orders and what belongs to them are range-partitioned by the order's id, a month a partition. The month is inside
-- the UUIDv7, so an order is found in one partition by its primary key and needs no second index.
CREATE TABLE orders (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  number integer NOT NULL,
  day date NOT NULL,
  table_label text,
  status text NOT NULL DEFAULT 'placed' CHECK (status IN ('placed', 'cooking', 'ready', 'served', 'cancelled')),
  total bigint NOT NULL CHECK (total >= 0),
  placed_at timestamptz NOT NULL,
  promised_at timestamptz NOT NULL,
  -- The first 16 bytes of the SHA-256 of the request: the same key with another body is refused by it.
  request_hash bytea NOT NULL,
  PRIMARY KEY (store_id, id)
) PARTITION BY RANGE (id);

CREATE TABLE order_line (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  line smallint NOT NULL,
  item_id uuid NOT NULL,
  quantity smallint NOT NULL CHECK (quantity >= 1),
  -- One portion, options included, as charged.
  unit_price integer NOT NULL CHECK (unit_price >= 0),
  -- [{"id", "price"}] or null when nothing was chosen.
  options jsonb,
  PRIMARY KEY (store_id, order_id, line)
) PARTITION BY RANGE (order_id);

CREATE TABLE order_event (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  seq smallint NOT NULL,
  status text NOT NULL,
  at timestamptz NOT NULL,
  promised_at timestamptz NOT NULL,
  PRIMARY KEY (store_id, order_id, seq)
) PARTITION BY RANGE (order_id);

-- What few read is kept apart from what every request reads.
CREATE TABLE order_note (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  line smallint NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (store_id, order_id, line)
) PARTITION BY RANGE (order_id);

-- One order's work for one station. The key is made of what it is, so making a ticket twice changes nothing.
CREATE TABLE ticket (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  station text NOT NULL,
  number integer NOT NULL,
  table_label text,
  round smallint NOT NULL,
  status text NOT NULL DEFAULT 'placed' CHECK (status IN ('placed', 'cooking', 'ready', 'served', 'cancelled')),
  version integer NOT NULL DEFAULT 1,
  placed_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  lines jsonb NOT NULL,
  PRIMARY KEY (store_id, order_id, station)
) PARTITION BY RANGE (order_id);

-- The smallest UUIDv7 of a moment: its 48 bits of milliseconds, then zeros (RFC 9562 §5.7).
CREATE FUNCTION uuid_v7_floor(moment timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- Makes the monthly partitions from one month to another, both included; those that exist are left alone.
CREATE FUNCTION ensure_order_partitions(from_month date, to_month date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  month date := date_trunc('month', from_month);
  parent text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_order_partitions'));
  WHILE month <= to_month LOOP
    FOREACH parent IN ARRAY ARRAY['orders', 'order_line', 'order_event', 'order_note', 'ticket'] LOOP
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

SELECT ensure_order_partitions((now() - interval '1 month')::date, (now() + interval '2 months')::date);
