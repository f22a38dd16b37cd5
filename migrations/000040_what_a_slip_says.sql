-- Up Migration

-- A slip says what was so when it was made, as a ticket does: a dish that has moved to another station since is still on it.
-- `voided`: the order was cancelled after the slip was handed out, so the kitchen is told on paper too.
ALTER TABLE print_slip
  ADD COLUMN lines jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN voided boolean NOT NULL DEFAULT false;

-- What may still be printed; where nobody prints, all of it waits for ever.
UPDATE print_slip p SET lines = k.lines FROM ticket k
WHERE p.done_at IS NULL AND p.made_at >= now() - interval '12 hours'
  AND k.store_id = p.store_id AND k.order_id = p.order_id AND k.station = p.station;
