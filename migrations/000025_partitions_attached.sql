-- Up Migration

-- Makes the monthly partitions from one month to another, both included; those that exist are left alone.
--
-- A partition is made apart and attached: `CREATE TABLE … PARTITION OF` waits for everybody who reads the parent, and whoever
-- comes meanwhile waits behind it, orders and status included. ATTACH waits for no reader and no writer, and an empty table
-- needs no scan, so there is nothing for a CHECK to spare. It waits for another ATTACH or a VACUUM, at most a second: then the
-- caller tries again.
--
-- For every table that is partitioned by a UUIDv7, so that a new one is not forgotten.
CREATE OR REPLACE FUNCTION ensure_order_partitions(from_month date, to_month date) RETURNS integer
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
  month date := date_trunc('month', from_month);
  parent text;
  part text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_order_partitions'));
  WHILE month <= to_month LOOP
    FOR parent IN
      SELECT c.relname FROM pg_partitioned_table p
      JOIN pg_class c ON c.oid = p.partrelid
        AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'orders'::regclass)
      JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] AND a.atttypid = 'uuid'::regtype
      WHERE p.partstrat = 'r' AND p.partnatts = 1
      ORDER BY c.relname
    LOOP
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
    month := month + interval '1 month';
  END LOOP;
  RETURN made;
END
$$;

-- Whether it is night where most of the stores are: from three to four by their own clocks. Without stores it always is.
CREATE FUNCTION is_night_at_stores(moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT coalesce(mode() WITHIN GROUP (ORDER BY extract(hour FROM moment AT TIME ZONE time_zone)) = 3, true) FROM store
$$;
