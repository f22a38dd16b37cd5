-- Up Migration

-- A station's slips are printed in the order in which the shop took the orders. An order's id has the time of the client's
-- clock, which may be a day off, so the order's own time and number lie beside the slip.
ALTER TABLE print_slip
  ADD COLUMN placed_at timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN number integer NOT NULL DEFAULT 0;

UPDATE print_slip p SET placed_at = o.placed_at, number = o.number
FROM orders o WHERE p.done_at IS NULL AND o.store_id = p.store_id AND o.id = p.order_id;

DROP INDEX print_slip_waiting;
CREATE INDEX print_slip_waiting ON print_slip (store_id, station, placed_at, number) WHERE done_at IS NULL;
