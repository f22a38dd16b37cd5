-- Up Migration

-- Who works here, by name. A password is kept as argon2id makes it, with its parameters.
CREATE TABLE staff (
  id uuid PRIMARY KEY,
  login text NOT NULL UNIQUE,
  name text NOT NULL,
  password_hash text NOT NULL,
  -- Wrong passwords in a row, and until when no password is looked at.
  failures integer NOT NULL DEFAULT 0,
  locked_until timestamptz
);

-- What somebody is where: of one store, of all stores of a brand, or everywhere.
CREATE TABLE staff_role (
  staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'manager', 'hall', 'kitchen')),
  brand_id uuid REFERENCES brand,
  store_id uuid REFERENCES store,
  CHECK (brand_id IS NULL OR store_id IS NULL),
  UNIQUE NULLS NOT DISTINCT (staff_id, role, brand_id, store_id)
);

-- Who is signed in: a person for some days, or a device of a store until somebody revokes it. Only a hash of the token is kept.
CREATE TABLE staff_session (
  id uuid PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  staff_id uuid REFERENCES staff ON DELETE CASCADE,
  store_id uuid REFERENCES store,
  device_name text,
  role text CHECK (role IN ('hall', 'kitchen')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  CHECK ((staff_id IS NULL) = (device_name IS NOT NULL AND role IS NOT NULL AND store_id IS NOT NULL))
);
CREATE INDEX staff_session_of_store ON staff_session (store_id) WHERE store_id IS NOT NULL;
CREATE INDEX staff_session_of_person ON staff_session (staff_id) WHERE staff_id IS NOT NULL;

-- Who signed in, was refused, or changed who may; never changed, and read by the newest.
CREATE TABLE staff_log (
  id uuid PRIMARY KEY,
  what text NOT NULL,
  by_whom text NOT NULL,
  about text
);
