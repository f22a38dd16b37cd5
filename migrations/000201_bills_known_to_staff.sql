-- Up Migration

-- Whether somebody of the shop has had to do with the visit: opened it, or entered an order for it. A visit that only phones have spoken for
-- keeps portions of limited dishes for a bounded time.
ALTER TABLE bill ADD COLUMN known_to_staff boolean NOT NULL DEFAULT false;
