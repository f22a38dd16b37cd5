-- Up Migration

-- How a line was to be made before staff changed it (`optionIds`, `note`); unset: only its quantity changed.
ALTER TABLE order_change ADD COLUMN made_before jsonb;
