-- Up Migration

ALTER TABLE bill
  -- The bill that this table's orders are on since it was merged with another table. Then this row has no orders and only holds its table:
  -- it is open for as long as the other is, or until the tables are taken apart.
  ADD COLUMN merged_into uuid;
CREATE INDEX bill_merged ON bill (store_id, merged_into) WHERE merged_into IS NOT NULL;

-- Who moved guests to which table, merged tables and took them apart; never changed.
CREATE TABLE bill_move (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  bill_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('move', 'merge', 'split')),
  from_table text NOT NULL,
  to_table text NOT NULL,
  by_whom text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (store_id, id)
);
CREATE INDEX bill_move_of_bill ON bill_move (store_id, bill_id);
