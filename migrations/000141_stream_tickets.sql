-- Up Migration

-- Stream tickets that were used, for as long as they would be good: each opens one stream, whichever process it comes to. A crash may
-- forget them, as they live for half a minute.
CREATE UNLOGGED TABLE used_stream_ticket (
  nonce text PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
