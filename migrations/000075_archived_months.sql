-- Up Migration

-- Months whose orders are not in the database any more. A row is written before anything is taken away, so whoever finds no orders
-- of a month and sees no row may believe that there were none; it goes when the month is restored.
CREATE TABLE archived_month (
  month date PRIMARY KEY CHECK (extract(day FROM month) = 1),
  begun_at timestamptz NOT NULL DEFAULT now(),
  -- Null: the files are not written yet, and the rows are in tables of the database still.
  written_at timestamptz,
  orders bigint,
  -- Of the list of the files' checksums: files of another time are not taken for these.
  sums_sha256 text
);

-- As before, but never for a month that is archived: an empty partition would say that nothing was sold.
CREATE OR REPLACE FUNCTION ensure_order_partitions(from_month date, to_month date) RETURNS integer
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
  month date;
  parent text;
  part text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_order_partitions'));
  FOR month IN
    SELECT m::date FROM generate_series(date_trunc('month', from_month::timestamp), to_month::timestamp, interval '1 month') AS m
    WHERE NOT EXISTS (SELECT FROM archived_month a WHERE a.month = m::date)
  LOOP
    FOR parent IN SELECT name FROM monthly_table LOOP
      part := parent || to_char(month, '_YYYY_MM');
      IF to_regclass(format('%I', part)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
        EXECUTE format(
          'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part,
          uuid_v7_floor(month::timestamp AT TIME ZONE 'UTC'),
          uuid_v7_floor((month + interval '1 month')::timestamp AT TIME ZONE 'UTC'));
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

-- All tables that have a partition a month by a UUIDv7, so that a new one is forgotten neither when partitions are made nor when
-- months are archived.
CREATE VIEW monthly_table AS
SELECT c.relname::text AS name FROM pg_partitioned_table p
JOIN pg_class c ON c.oid = p.partrelid AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'orders'::regclass)
JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] AND a.atttypid = 'uuid'::regtype
WHERE p.partstrat = 'r' AND p.partnatts = 1
ORDER BY c.relname;

-- The moment in a UUIDv7, the other way round from `uuid_v7_floor`.
CREATE FUNCTION uuid_v7_time(id uuid) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_timestamp(('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0)
$$;
