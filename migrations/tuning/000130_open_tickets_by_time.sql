-- Up Migration

-- As before, in the order of the kitchen: when the shop took the order, then its number. The order's id has the time of the
-- client's clock.
DROP INDEX ticket_open;
CREATE INDEX ticket_open ON ticket (store_id, placed_at, number) WHERE status IN ('placed', 'cooking', 'ready');

DROP INDEX ticket_table;
CREATE INDEX ticket_table ON ticket (store_id, table_label, placed_at, number) WHERE table_label IS NOT NULL;
