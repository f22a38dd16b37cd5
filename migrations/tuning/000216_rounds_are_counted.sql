-- Up Migration

-- Rounds are counted on the bill: no ticket looks for those before it.
DROP INDEX ticket_table;
