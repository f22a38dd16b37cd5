-- Up Migration

-- Whoever takes money meanwhile waits for nothing: checks that are there are only looked through.
ALTER TABLE bill_entry VALIDATE CONSTRAINT bill_entry_kind_check;
ALTER TABLE bill_entry VALIDATE CONSTRAINT bill_entry_discount_check;
