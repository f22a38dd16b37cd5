-- Up Migration

-- Rounds of a visit are counted where its orders are put on its bill, under the store's lock: which round the last order was, and when it came.
ALTER TABLE bill ADD COLUMN round smallint NOT NULL DEFAULT 0, ADD COLUMN ordered_at timestamptz;
-- Null: of an order that no table's round is counted for.
ALTER TABLE bill_order ADD COLUMN round smallint;
-- Guests who sit there now go on counting; when they ordered last nobody wrote down.
UPDATE bill SET round = least(orders, 99), ordered_at = now() WHERE closed_at IS NULL AND table_label IS NOT NULL AND orders > 0;
