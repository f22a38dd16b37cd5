-- Up Migration

-- By which somebody takes over a tablet that is signed in: four to six digits, good nowhere else, kept as argon2id makes it.
CREATE TABLE staff_pin (
  staff_id uuid PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
  pin_hash text NOT NULL
);

-- Who works at a tablet now: a session of the person that ends with the tablet's own, and is good at its store alone.
ALTER TABLE staff_session ADD COLUMN device_id uuid REFERENCES staff_session ON DELETE CASCADE;
CREATE INDEX staff_session_of_device ON staff_session (device_id) WHERE device_id IS NOT NULL;

-- Wrong PINs in a row, of a person at a tablet.
CREATE TABLE pin_try (
  device_id uuid NOT NULL REFERENCES staff_session ON DELETE CASCADE,
  staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  failures integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  PRIMARY KEY (device_id, staff_id)
);
CREATE INDEX pin_try_of_person ON pin_try (staff_id);
