-- Up Migration

-- A counter order of such a store waits for its money before the kitchen sees it.
ALTER TABLE store ADD COLUMN pay_first boolean NOT NULL DEFAULT false;

-- What a guest wants to pay from a phone: written before any provider is asked, so that whatever is charged has an order. It changes under
-- its store's lock; nothing is locked while the guest pays. See docs/guide/payments.md for its states.
CREATE TABLE payment_intent (
  store_id uuid NOT NULL,
  -- The Idempotency-Key it came with; with the store it is the key that the provider knows it by.
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  -- Of the entry on the bill, once it is paid: made here, so that nobody else's key can be in its place.
  entry_id uuid NOT NULL,
  provider text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'declined', 'cancelled')),
  return_url text NOT NULL,
  -- Where the guest pays; null: the provider has not answered yet.
  pay_url text,
  made_at timestamptz NOT NULL,
  -- From then on it keeps nobody else from paying, and is cancelled at the provider.
  expires_at timestamptz NOT NULL,
  -- When the provider is asked next, if nothing is heard of it.
  next_at timestamptz NOT NULL,
  decided_at timestamptz,
  -- What the provider took, and how much of that the bill owed; the rest is paid back.
  got bigint CHECK (got > 0),
  taken bigint CHECK (taken BETWEEN 0 AND amount),
  request_hash bytea NOT NULL,
  PRIMARY KEY (store_id, id),
  CHECK ((state = 'open') = (decided_at IS NULL)),
  CHECK ((state = 'paid') = (got IS NOT NULL) AND (state = 'paid') = (taken IS NOT NULL))
);
CREATE INDEX payment_intent_open ON payment_intent (next_at) WHERE state = 'open';
CREATE INDEX payment_intent_of_order ON payment_intent (store_id, order_id);
CREATE INDEX payment_intent_of_entry ON payment_intent (store_id, entry_id);
CREATE INDEX payment_intent_made ON payment_intent (made_at);

-- Money that goes back by the provider. Its id is the key by which the provider pays it back once, however often it is told to.
CREATE TABLE payment_refund (
  store_id uuid NOT NULL,
  id uuid NOT NULL,
  intent_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  reason text NOT NULL CHECK (reason IN ('not-owed', 'mismatch', 'entry')),
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'refused')),
  made_at timestamptz NOT NULL,
  next_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  done_at timestamptz,
  PRIMARY KEY (store_id, id),
  CHECK ((state = 'due') = (done_at IS NULL))
);
CREATE INDEX payment_refund_due ON payment_refund (next_at) WHERE state = 'due';
CREATE INDEX payment_refund_of_intent ON payment_refund (store_id, intent_id);

-- Orders that keep their portions, and wait for their money until then. Gone when they are paid or cancelled.
CREATE TABLE payment_hold (
  store_id uuid NOT NULL,
  order_id uuid NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (store_id, order_id)
);
CREATE INDEX payment_hold_until ON payment_hold (until);

-- Where our books and the provider's differ, as the daily comparison found it; never deleted.
CREATE TABLE payment_difference (
  store_id uuid NOT NULL,
  intent_id uuid NOT NULL,
  what text NOT NULL,
  ours text NOT NULL,
  theirs text NOT NULL,
  found_at timestamptz NOT NULL,
  -- When a later comparison did not find it any more.
  gone_at timestamptz,
  PRIMARY KEY (store_id, intent_id, what)
);

-- What follows is not ours: the sandbox plays a provider, whose books are apart from the shop's and outlive every process.
CREATE TABLE sandbox_account (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  api_key text NOT NULL,
  signing_secret text NOT NULL
);

CREATE TABLE sandbox_payment (
  -- The shop's.
  key text PRIMARY KEY,
  -- Ours; in the address of the page.
  id uuid NOT NULL UNIQUE,
  amount bigint NOT NULL,
  currency text NOT NULL,
  name text NOT NULL,
  return_url text NOT NULL,
  notify_url text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'declined', 'cancelled')),
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX sandbox_payment_changed ON sandbox_payment (changed_at, key);

CREATE TABLE sandbox_refund (
  key text PRIMARY KEY,
  payment text NOT NULL,
  amount bigint NOT NULL,
  at timestamptz NOT NULL
);

CREATE TABLE sandbox_notice (
  id uuid PRIMARY KEY,
  payment text NOT NULL,
  state text NOT NULL,
  send_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0
);
CREATE INDEX sandbox_notice_due ON sandbox_notice (send_at);
