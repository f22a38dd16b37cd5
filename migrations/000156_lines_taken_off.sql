-- Up Migration

-- A line of which staff took off all portions keeps its place, with none. What is there has one or more, so nothing is looked through.
ALTER TABLE order_line DROP CONSTRAINT order_line_quantity_check;
ALTER TABLE order_line ADD CONSTRAINT order_line_quantity_check CHECK (quantity >= 0) NOT VALID;

-- Who took how many portions of a dish off an order, and why; never changed.
CREATE TABLE order_change (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  line smallint NOT NULL,
  from_quantity smallint NOT NULL,
  to_quantity smallint NOT NULL,
  reason text NOT NULL,
  portions_returned boolean NOT NULL,
  by_whom text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (store_id, id)
);
CREATE INDEX order_change_of_order ON order_change (store_id, order_id);
