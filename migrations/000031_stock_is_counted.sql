-- Up Migration

-- What was sold of a dish on its business day is a fact of its own, beside how many portions are offered: a new limit, "unlimited",
-- an import or a new day changes what is offered and never what was sold. `sold` is the sum of the lines of the day's orders,
-- less those whose portions came back.
ALTER TABLE stock
  -- Grows when counting begins anew: with a day's new portions, and when a person counts what was not counted.
  ADD COLUMN count integer NOT NULL DEFAULT 1,
  -- Null: nothing is limited just now.
  ADD COLUMN offered integer,
  ADD COLUMN sold integer NOT NULL DEFAULT 0;

-- Which count the line's portions were taken from; null when nothing was limited. Only those return to the count.
ALTER TABLE order_line ADD COLUMN from_count integer;

-- Of a cancel: whether its portions came back, or were waste.
ALTER TABLE order_event ADD COLUMN portions_returned boolean;

-- What was sold today before this migration was taken from the count there was.
UPDATE order_line l SET from_count = 1
FROM orders o JOIN stock s ON s.store_id = o.store_id AND s.day = o.day
WHERE o.id >= uuid_v7_floor(now() - interval '3 days') AND o.status <> 'cancelled'
  AND l.store_id = o.store_id AND l.order_id = o.id AND l.order_id >= uuid_v7_floor(now() - interval '3 days')
  AND l.item_id = s.item_id;

UPDATE stock s SET sold = t.sold
FROM (SELECT l.store_id, l.item_id, o.day, sum(l.quantity)::int AS sold
      FROM orders o JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
      WHERE o.id >= uuid_v7_floor(now() - interval '3 days') AND o.status <> 'cancelled' AND l.from_count = 1
      GROUP BY 1, 2, 3) t
WHERE s.store_id = t.store_id AND s.item_id = t.item_id AND s.day = t.day;

UPDATE stock SET offered = remaining + sold;

-- A dish that a person made unlimited lost its row, and with it the portions of all later days.
INSERT INTO stock (store_id, item_id, remaining, day)
SELECT i.store_id, i.id, 0, ((now() AT TIME ZONE s.time_zone) - s.day_starts_hour * interval '1 hour')::date
FROM item i JOIN store s ON s.id = i.store_id WHERE i.daily_limit IS NOT NULL AND NOT i.archived
ON CONFLICT DO NOTHING;

ALTER TABLE stock DROP COLUMN remaining;
ALTER TABLE stock ADD COLUMN remaining integer
  GENERATED ALWAYS AS (CASE WHEN offered IS NOT NULL THEN greatest(0, offered - sold) END) STORED;
