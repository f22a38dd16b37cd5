-- Up Migration

-- Whether a phone needs the code of the table's visit, which staff open, beside the table's link.
ALTER TABLE store ADD COLUMN visit_code boolean NOT NULL DEFAULT false;
