-- Up Migration

-- Why the shop cancelled an order, in a word of a closed list that each guest reads in their own language.
ALTER TABLE order_event ADD COLUMN reason text;

-- What a ticket was promised for, so that lateness is measured against what the guest was told; null: made before this.
-- The places of the lines that are ticked off as done: what a second screen of the station sees, too.
ALTER TABLE ticket
  ADD COLUMN promised_at timestamptz,
  ADD COLUMN done_lines smallint[] NOT NULL DEFAULT '{}';
