-- Up Migration

-- The business day of a moment: it begins when the clock on the wall there shows the hour, also on the days on which
-- clocks change. The one definition in SQL; src/platform/clock.ts has the same, and a test holds the two together.
CREATE FUNCTION business_day(moment timestamptz, time_zone text, day_starts_hour integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((moment AT TIME ZONE time_zone) - day_starts_hour * interval '1 hour')::date
$$;
