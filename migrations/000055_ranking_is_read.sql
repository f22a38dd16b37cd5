-- Up Migration

-- Each change of a store's counts has the store's next number, and each count that of its last change. So what has changed since a
-- number is read by it, and whoever adds changes up elsewhere notices that one is missing.
CREATE TABLE ranking_head (
  store_id uuid PRIMARY KEY,
  seq bigint NOT NULL DEFAULT 0,
  -- The change up to which the brand's counts have them.
  folded bigint NOT NULL DEFAULT -1
) WITH (fillfactor = 50);

INSERT INTO ranking_head (store_id) SELECT id FROM store;

ALTER TABLE ranking_hour
  ADD COLUMN seq bigint NOT NULL DEFAULT 0,
  -- As much of `quantity` as the brand's counts have.
  ADD COLUMN folded integer NOT NULL DEFAULT 0;

CREATE INDEX ranking_hour_changed ON ranking_hour (store_id, seq);

-- The same of more than one store: a brand's, and everybody's under the nil UUID. A scheduled batch folds the stores' into them,
-- so that no order and no cancel ever waits for a row that stores share.
CREATE TABLE ranking_wide_head (
  place uuid PRIMARY KEY,
  seq bigint NOT NULL DEFAULT 0
);

CREATE TABLE ranking_wide_hour (
  place uuid NOT NULL,
  hour timestamptz NOT NULL,
  item_id uuid NOT NULL,
  quantity integer NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (place, hour, item_id)
);

CREATE INDEX ranking_wide_hour_changed ON ranking_wide_hour (place, seq);

-- A brand's dish is one dish however many stores have it under its code; it goes by the name and id that it has in the first of
-- them that sold it.
CREATE TABLE ranking_dish (
  brand_id uuid NOT NULL,
  code text NOT NULL,
  store_id uuid NOT NULL,
  item_id uuid NOT NULL UNIQUE,
  PRIMARY KEY (brand_id, code)
);
