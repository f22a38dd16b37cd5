-- Up Migration

-- Brands and stores. Every other row carries its store_id: one store is one shard.
CREATE TABLE brand (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name_ko text NOT NULL,
  name_en text NOT NULL
);

CREATE TABLE store (
  id uuid PRIMARY KEY,
  brand_id uuid NOT NULL REFERENCES brand,
  slug text NOT NULL UNIQUE,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  currency text NOT NULL DEFAULT 'KRW',
  time_zone text NOT NULL DEFAULT 'Asia/Seoul',
  -- The hour at which a new business day begins: an order at 01:30 belongs to the evening before.
  day_starts_hour smallint NOT NULL DEFAULT 4 CHECK (day_starts_hour BETWEEN 0 AND 12),
  tables smallint NOT NULL DEFAULT 20 CHECK (tables BETWEEN 0 AND 9999),
  prep_minutes smallint NOT NULL DEFAULT 15 CHECK (prep_minutes BETWEEN 1 AND 240)
);

-- The one small row that a store's writers take turns on. Whoever changes the store's stock, menu or numbers locks
-- it first, so two writers of a store never meet in another order and never deadlock.
CREATE TABLE store_head (
  store_id uuid PRIMARY KEY REFERENCES store,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'busy', 'paused')),
  day date NOT NULL DEFAULT '-infinity',
  last_number integer NOT NULL DEFAULT 0,
  -- Grows with every change of the menu; orders are priced under a version and refused under an older one.
  menu_version bigint NOT NULL DEFAULT 1,
  -- Grows whenever a limited dish's remaining count changes.
  stock_version bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 10);
