-- Up Migration

-- Rows are archived, never deleted, so that an old order can always name its dishes.
CREATE TABLE category (
  store_id uuid NOT NULL REFERENCES store,
  id uuid NOT NULL,
  code text NOT NULL,
  position integer NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  archived boolean NOT NULL DEFAULT false,
  PRIMARY KEY (store_id, id),
  UNIQUE (store_id, code)
);

CREATE TABLE item (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  category_id uuid NOT NULL,
  code text NOT NULL,
  position integer NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  description_ko text,
  description_en text,
  photo text,
  price integer NOT NULL CHECK (price >= 0),
  sold_out boolean NOT NULL DEFAULT false,
  allergens text[] NOT NULL DEFAULT '{}',
  station text NOT NULL,
  daily_limit integer CHECK (daily_limit >= 0),
  archived boolean NOT NULL DEFAULT false,
  PRIMARY KEY (store_id, id),
  UNIQUE (store_id, code),
  FOREIGN KEY (store_id, category_id) REFERENCES category
);

CREATE TABLE option_group (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  item_id uuid NOT NULL,
  code text NOT NULL,
  position integer NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  min smallint NOT NULL CHECK (min >= 0),
  max smallint NOT NULL CHECK (max >= 1 AND max >= min),
  archived boolean NOT NULL DEFAULT false,
  PRIMARY KEY (store_id, id),
  UNIQUE (store_id, item_id, code),
  FOREIGN KEY (store_id, item_id) REFERENCES item
);

CREATE TABLE item_option (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  group_id uuid NOT NULL,
  code text NOT NULL,
  position integer NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  price integer NOT NULL CHECK (price >= 0),
  sold_out boolean NOT NULL DEFAULT false,
  archived boolean NOT NULL DEFAULT false,
  PRIMARY KEY (store_id, id),
  UNIQUE (store_id, group_id, code),
  FOREIGN KEY (store_id, group_id) REFERENCES option_group
);

-- One row per limited dish: what is left of it on a business day. A dish without a row is unlimited.
CREATE TABLE stock (
  store_id uuid NOT NULL,
  item_id uuid NOT NULL,
  remaining integer NOT NULL CHECK (remaining >= 0),
  -- The business day that `remaining` belongs to; the scheduled return moves it on.
  day date NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (store_id, item_id),
  FOREIGN KEY (store_id, item_id) REFERENCES item
) WITH (fillfactor = 50);
