-- Up Migration

-- When a dish is served, such as `mon-fri 11:00-14:30`, by the clock on the store's wall; null: a category's dishes always, and a dish as its
-- category. New columns without a value: no row is written.
ALTER TABLE category ADD COLUMN hours text;
ALTER TABLE item ADD COLUMN hours text;

-- Of stores whose menus have such hours. A menu of one version shows what is served at `turned_at`; at `turns_at` it is looked at again.
CREATE TABLE menu_turn (
  store_id uuid PRIMARY KEY,
  turned_at timestamptz NOT NULL,
  turns_at timestamptz NOT NULL,
  -- Which dishes are not served and what guests are told of them, so that a look that finds nothing else makes no new version.
  shown text NOT NULL DEFAULT ''
);
CREATE INDEX menu_turn_due ON menu_turn (turns_at);
