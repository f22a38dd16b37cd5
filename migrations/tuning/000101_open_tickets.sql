-- Up Migration

-- The kitchen board reads only what is still open: a handful of rows however long the shop has existed.
CREATE INDEX ticket_open ON ticket (store_id, station, order_id) WHERE status IN ('placed', 'cooking', 'ready');

-- The round of a table's order counts the table's tickets of the day.
CREATE INDEX ticket_table ON ticket (store_id, table_label, order_id) WHERE table_label IS NOT NULL;
