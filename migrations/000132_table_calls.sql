-- Up Migration

-- Who of a table's guests wants the staff: the latest call of each table, so there are as many rows as tables that ever called.
CREATE TABLE table_call (
  store_id uuid NOT NULL,
  table_label text NOT NULL,
  -- The Idempotency-Key of whoever called, who asks by it whether somebody comes.
  id uuid NOT NULL,
  called_at timestamptz NOT NULL,
  -- When somebody of the staff said that they come; null: nobody has.
  seen_at timestamptz,
  seen_by text,
  PRIMARY KEY (store_id, table_label)
);
CREATE INDEX table_call_open ON table_call (store_id, called_at) WHERE seen_at IS NULL;
CREATE INDEX table_call_id ON table_call (store_id, id);
