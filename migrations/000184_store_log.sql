-- Up Migration

-- Who changed what a store charges: prices, discounts, refunds, bills that were given up, orders and dishes that staff took back. Never
-- changed; read by the newest. Sign-ins are of no store and stay in staff_log.
CREATE TABLE store_log (
  store_id uuid NOT NULL,
  -- A UUIDv7, so that it says when.
  id uuid NOT NULL,
  what text NOT NULL,
  by_whom text NOT NULL,
  details jsonb NOT NULL,
  PRIMARY KEY (store_id, id)
);
