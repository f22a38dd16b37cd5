-- Up Migration

-- What a store's owner says of it. Of a store that was made before, all is as it was: always open, any table, both languages.
ALTER TABLE store
  -- [{"day": 1, "from": "11:00", "to": "22:00"}, …], 1 is Monday, by the clock on the store's wall; null: always open.
  ADD COLUMN hours jsonb,
  -- Business days on which it stays closed.
  ADD COLUMN days_off date[] NOT NULL DEFAULT '{}',
  ADD COLUMN languages text[] NOT NULL DEFAULT '{ko,en}',
  ADD COLUMN stations text[] NOT NULL DEFAULT '{}',
  -- Its tables by name, none of them for a counter; null: nobody listed them, and any is believed.
  ADD COLUMN table_names text[];
