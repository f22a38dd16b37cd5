-- Up Migration

-- A discount that was given by mistake is taken back by an entry of its own, as nothing of a bill is ever changed. What is there is none of
-- these, so nothing is looked through.
ALTER TABLE bill_entry ADD COLUMN discount_id uuid;
ALTER TABLE bill_entry DROP CONSTRAINT bill_entry_kind_check;
ALTER TABLE bill_entry ADD CONSTRAINT bill_entry_kind_check
  CHECK (kind IN ('payment', 'discount', 'refund', 'void', 'reversal')) NOT VALID;
ALTER TABLE bill_entry ADD CONSTRAINT bill_entry_discount_check
  CHECK ((kind = 'reversal') = (discount_id IS NOT NULL)) NOT VALID;
-- Once.
CREATE UNIQUE INDEX bill_discount_reversed_once ON bill_entry (store_id, discount_id) WHERE discount_id IS NOT NULL;

-- A coupon is used once on a bill, and again when that discount was taken back: which one stands no index over single rows can say. The
-- store's lock holds it, and the audit counts its uses by this one.
DROP INDEX bill_coupon_once;
CREATE INDEX bill_entry_of_coupon ON bill_entry (store_id, coupon_id) WHERE coupon_id IS NOT NULL;
