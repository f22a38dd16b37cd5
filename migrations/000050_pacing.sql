-- Up Migration

-- Who said the store's state, why, and until when. `hand`: a person, and pacing leaves it alone until then; `pacing`: the load of the
-- kitchen did, and takes it back by itself.
ALTER TABLE store_head
  ADD COLUMN state_by text NOT NULL DEFAULT 'hand' CHECK (state_by IN ('hand', 'pacing')),
  ADD COLUMN state_reason text,
  ADD COLUMN state_until timestamptz,
  -- Whether the store has a row in store_pace: whoever holds the lock knows without looking.
  ADD COLUMN is_paced boolean NOT NULL DEFAULT false;

-- How a store promises. A store without a row promises its `prep_minutes` and knows no limit.
CREATE TABLE store_pace (
  store_id uuid PRIMARY KEY REFERENCES store,
  strategy text NOT NULL CHECK (strategy IN ('fixed', 'load', 'learned')),
  -- Learned: what all promises were off by lately, as a factor; null: nothing was learned yet.
  correction real,
  -- Learned: how far off promises are, as a share of what was promised.
  spread real
) WITH (fillfactor = 50);

-- What a station has to do and how fast it has been. `open` is counted by the transactions that place, move and cancel orders, so it
-- is exact under the store's lock and costs a group of orders one statement; a scheduled job counts it anew.
CREATE TABLE station_pace (
  store_id uuid NOT NULL REFERENCES store_pace ON DELETE CASCADE,
  station text NOT NULL,
  -- Portions that it can have open; null: no limit.
  capacity integer CHECK (capacity > 0),
  -- Portions placed or cooking.
  open integer NOT NULL DEFAULT 0 CHECK (open >= 0),
  -- Learned: minutes in which portions came out one after another, and those portions; both fade.
  work_minutes real NOT NULL DEFAULT 0,
  done_portions real NOT NULL DEFAULT 0,
  last_done_at timestamptz,
  -- Learned: minutes of a ticket that waited for no other.
  base_minutes real,
  PRIMARY KEY (store_id, station)
) WITH (fillfactor = 50);
