-- Up Migration

-- Who was asked to work at a store and has not come yet: one link, one person, the role fixed. Used or revoked it is gone; the log stays.
CREATE TABLE staff_invitation (
  id uuid PRIMARY KEY,
  -- Only a hash, as of sessions.
  token_hash text NOT NULL UNIQUE,
  -- Not store_id: found by its token, which is one among all stores.
  at_store_id uuid NOT NULL REFERENCES store,
  role text NOT NULL CHECK (role IN ('owner', 'manager', 'hall', 'kitchen')),
  -- For whom, in the words of who invites.
  note text,
  invited_by text NOT NULL,
  -- Who no longer works here has invited nobody; null: a key.
  inviter_id uuid REFERENCES staff ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX staff_invitation_of_store ON staff_invitation (at_store_id);
CREATE INDEX staff_invitation_of_inviter ON staff_invitation (inviter_id) WHERE inviter_id IS NOT NULL;
