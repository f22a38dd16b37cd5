-- Up Migration

-- Every order of a table changes its bill's sums. An index whose predicate reads a sum takes a new entry for each of them, and so do all
-- others of the table; one that reads only whether anything is left lets the row be changed in its place.
DROP INDEX bill_unsettled;
ALTER TABLE bill ADD COLUMN is_left boolean
  GENERATED ALWAYS AS (closed_at IS NULL OR greatest(total - discounted - waived, 0) <> paid - refunded) STORED;
CREATE INDEX bill_left ON bill (store_id, opened_at) WHERE is_left;
