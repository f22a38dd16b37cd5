-- Up Migration

-- Rows of a store that moves to another machine while they are written are told apart by their key; what has none is told apart by all of
-- it. On one machine without logical replication this changes nothing. Where each table's rows are is in src/platform/db/citus/places.ts.
ALTER TABLE sales_due REPLICA IDENTITY FULL;
