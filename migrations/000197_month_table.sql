-- One month of one table by itself: where stores are spread over machines an ATTACH holds up those who write to the table until its
-- transaction ends, so that there each is made in one of its own. Nothing is copied and nothing is rewritten.
CREATE FUNCTION ensure_month_table(parent text, month date) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
  part text := parent || to_char(month, '_YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_order_partitions'));
  -- Never a month that is archived: an empty partition would say that nothing was sold.
  IF to_regclass(format('%I', part)) IS NOT NULL OR EXISTS (SELECT FROM archived_month a WHERE a.month = ensure_month_table.month) THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
  EXECUTE format(
    'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part,
    uuid_v7_floor(month::timestamp AT TIME ZONE 'UTC'),
    uuid_v7_floor((month + interval '1 month')::timestamp AT TIME ZONE 'UTC'));
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION ensure_order_partitions(from_month date, to_month date) RETURNS integer
LANGUAGE sql AS $$
  SELECT count(*) FILTER (WHERE ensure_month_table(t.name, m::date))::int
  FROM generate_series(date_trunc('month', from_month::timestamp), to_month::timestamp, interval '1 month') AS m, monthly_table t
$$;
