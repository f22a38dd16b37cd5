-- Up Migration

-- The one small row that a line's writers take turns on, apart from `store_head`: a crowd at the door holds up no order.
CREATE TABLE waitlist_head (
  store_id uuid PRIMARY KEY REFERENCES store,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'walk-in', 'paused', 'closed')),
  -- The business day that `last_number` counts.
  day date NOT NULL DEFAULT '-infinity',
  last_number integer NOT NULL DEFAULT 0,
  -- The business day for which nobody of an earlier one waits any more.
  cleared_day date NOT NULL DEFAULT '-infinity',
  -- The end of the line; it only grows, also over days.
  last_position bigint NOT NULL DEFAULT 0,
  -- Grows by one with each change of the line: whoever keeps a copy sees by it what the copy has missed.
  version bigint NOT NULL DEFAULT 0,
  waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0)
) WITH (fillfactor = 25);

-- A party keeps its position while it is called or set aside, so that it can come back; stepping back only hands positions round.
CREATE TABLE party (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  day date NOT NULL,
  number integer NOT NULL,
  size smallint NOT NULL CHECK (size >= 1),
  name text,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'called', 'seated', 'no-show', 'left')),
  position bigint NOT NULL,
  steps_back smallint NOT NULL DEFAULT 0,
  joined_at timestamptz NOT NULL,
  called_at timestamptz,
  -- When it was seated, set aside or left.
  ended_at timestamptz,
  PRIMARY KEY (store_id, id)
) PARTITION BY RANGE (id);

-- Whatever is asked of a line costs by those who are in it, however long the shop has existed.
CREATE INDEX party_in_line ON party (store_id, position) WHERE state = 'waiting';
CREATE INDEX party_called ON party (called_at, store_id) WHERE state = 'called';
CREATE INDEX party_ended ON party (store_id, ended_at) WHERE ended_at IS NOT NULL;

-- For every month that has orders already.
SELECT ensure_order_partitions(month::date, month::date)
FROM (SELECT to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') AS month
      FROM pg_inherits WHERE inhparent = 'orders'::regclass) months;
