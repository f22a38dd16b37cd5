-- Up Migration

-- What is told of a dish and calculated with nowhere, such as how spicy it is: codes by name, declared in
-- src/contract/dish-attributes.ts. A new column with a constant default: no row is written, and the lock is held for a moment.
ALTER TABLE item ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}';
