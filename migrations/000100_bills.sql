-- Up Migration

-- What a table's guests owe together: one bill a visit, from the first order (or from whoever seats them) until all of it is paid. A counter
-- order's bill has the order's id, and a row only once somebody has paid or changed it. All of a bill changes under its store's lock.
CREATE TABLE bill (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  -- Null: an order at the counter.
  table_label text,
  opened_at timestamptz NOT NULL,
  -- When the visit ended; then the table's next order begins another.
  closed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  -- Of its orders that are not cancelled.
  orders integer NOT NULL DEFAULT 0 CHECK (orders >= 0),
  portions integer NOT NULL DEFAULT 0 CHECK (portions >= 0),
  total bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
  -- The sums of its entries.
  discounted bigint NOT NULL DEFAULT 0 CHECK (discounted >= 0),
  waived bigint NOT NULL DEFAULT 0 CHECK (waived >= 0),
  paid bigint NOT NULL DEFAULT 0 CHECK (paid >= 0),
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0 AND refunded <= paid),
  -- What is left to pay; below zero: what is owed back, because an order was cancelled that had been paid.
  due bigint GENERATED ALWAYS AS (greatest(total - discounted - waived, 0) - paid + refunded) STORED,
  -- What the bill would be with the order that staff is asked about; null: nobody asks.
  asked_orders integer,
  asked_portions integer,
  asked_unpaid bigint,
  -- Up to where staff have said yes; null: the store's own limits.
  allowed_orders integer,
  allowed_portions integer,
  allowed_unpaid bigint,
  PRIMARY KEY (store_id, id)
) WITH (fillfactor = 70);
-- A table has one visit at a time.
CREATE UNIQUE INDEX bill_of_table ON bill (store_id, table_label) WHERE closed_at IS NULL;
CREATE INDEX bill_unsettled ON bill (store_id, opened_at) WHERE closed_at IS NULL OR due <> 0;
CREATE INDEX bill_closed ON bill (store_id, closed_at) WHERE closed_at IS NOT NULL;

-- Which orders are on a bill; an order stays on its bill when it is cancelled.
CREATE TABLE bill_order (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  bill_id uuid NOT NULL,
  PRIMARY KEY (store_id, order_id)
);
CREATE INDEX bill_order_of_bill ON bill_order (store_id, bill_id);

-- Whatever changes what is owed, never changed itself. Its id is the Idempotency-Key it came with.
CREATE TABLE bill_entry (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  bill_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('payment', 'discount', 'refund', 'void')),
  amount bigint NOT NULL CHECK (amount >= 0),
  -- Of a payment or a refund.
  method text CHECK (method IN ('cash', 'card', 'online')),
  -- What the guest handed over in cash.
  tendered bigint CHECK (tendered >= amount),
  -- Of a refund: what is not asked for again.
  waived bigint NOT NULL DEFAULT 0 CHECK (waived BETWEEN 0 AND amount),
  -- Of a payment by dish: [{"order", "line", "quantity"}].
  dishes jsonb,
  -- Of a refund: the payment that is paid back.
  payment_id uuid,
  coupon_id uuid,
  reason text,
  -- What the card terminal printed.
  approval text,
  by_whom text NOT NULL,
  at timestamptz NOT NULL,
  -- The store's business day.
  day date NOT NULL,
  request_hash bytea NOT NULL,
  PRIMARY KEY (store_id, id),
  CHECK ((kind IN ('payment', 'refund')) = (method IS NOT NULL))
);
CREATE INDEX bill_entry_of_bill ON bill_entry (store_id, bill_id);
CREATE INDEX bill_entry_of_day ON bill_entry (store_id, day);
CREATE UNIQUE INDEX bill_coupon_once ON bill_entry (store_id, bill_id, coupon_id) WHERE coupon_id IS NOT NULL;

CREATE TABLE coupon (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  -- One of the two.
  percent smallint CHECK (percent BETWEEN 1 AND 100),
  amount bigint CHECK (amount > 0),
  uses_max integer NOT NULL CHECK (uses_max >= 1),
  uses integer NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND uses_max),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  -- Nobody can use it any more; what was used stays.
  ended_at timestamptz,
  PRIMARY KEY (store_id, id),
  UNIQUE (store_id, code),
  CHECK ((percent IS NULL) <> (amount IS NULL))
);

ALTER TABLE store
  -- {"orders", "portions", "unpaid"} of a table until staff say yes; null: as the software has it.
  ADD COLUMN table_limits jsonb,
  -- {"hall", "manager"} in percent of a bill; null: as the software has it.
  ADD COLUMN discount_max jsonb,
  -- What a receipt says of the business: {"name", "number", "representative", "address", "phone", "vatPercent"}.
  ADD COLUMN business jsonb;
