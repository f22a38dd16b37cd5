-- Up Migration

-- Since when a webhook has failed without one arrival: it is paused for how long it fails, not for how often.
ALTER TABLE webhook ADD COLUMN failing_since timestamptz;
