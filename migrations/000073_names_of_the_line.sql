-- Up Migration

-- Names that are still there: the batch that forgets those of days that are over looks at no others.
CREATE INDEX party_named ON party (store_id, day) WHERE name IS NOT NULL;
