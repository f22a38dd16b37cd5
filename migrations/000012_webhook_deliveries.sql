-- Up Migration

-- What webhooks are still to be told. A row each and not a job each: a receiver that hangs for an hour leaves tens of
-- thousands, and whoever looks for work must not pass them all.
CREATE TABLE webhook_delivery (
  store_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  -- A UUIDv7, so that they keep the order in which they came.
  id uuid NOT NULL,
  body json NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (store_id, webhook_id, id),
  FOREIGN KEY (store_id, webhook_id) REFERENCES webhook ON DELETE CASCADE
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (store_id, webhook_id, due_at, id);

-- Until then nobody delivers to it: a job is at it, or it rests after a failure.
ALTER TABLE webhook ADD COLUMN next_at timestamptz NOT NULL DEFAULT '-infinity';
