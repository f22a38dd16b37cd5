-- Up Migration

-- Photos of dishes, by what is in them: the same picture is there once, for all stores of a chain. In the database, because processes have
-- no disk that others see, and because a backup must have them. 1,000 photos of a store are some 150 MB.
CREATE TABLE photo (
  -- 192 bits of the SHA-256 of what was received, base64url.
  id text PRIMARY KEY,
  -- The store that brought it first, whose count it is in.
  brought_by uuid NOT NULL,
  -- As it is shown, turned as the camera says.
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  -- When a menu was last known to show it; what none has shown for a month goes.
  used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX photo_brought_by ON photo (brought_by);

-- The same picture in the widths that phones ask for.
CREATE TABLE photo_file (
  photo_id text NOT NULL REFERENCES photo ON DELETE CASCADE,
  -- What is asked for; a smaller picture is not enlarged.
  width integer NOT NULL,
  webp bytea NOT NULL,
  PRIMARY KEY (photo_id, width)
);
-- WebP does not get smaller, so nothing is lost in trying.
ALTER TABLE photo_file ALTER COLUMN webp SET STORAGE EXTERNAL;

-- Photos that menus name by an address of somebody else's: each is fetched once, by a job, and guests get our copy.
CREATE TABLE photo_source (
  address text PRIMARY KEY,
  -- The store whose menu named it first.
  asked_by uuid NOT NULL,
  -- Null until it is there.
  photo_id text REFERENCES photo,
  tries integer NOT NULL DEFAULT 0,
  -- When it is tried next; infinity: not any more, until a menu names it anew.
  due_at timestamptz NOT NULL DEFAULT now(),
  -- Why the last try failed.
  problem text,
  -- The menus that name it have had a new version since it came.
  told boolean NOT NULL DEFAULT false,
  used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX photo_source_due ON photo_source (due_at) WHERE photo_id IS NULL;
CREATE INDEX photo_source_untold ON photo_source (address) WHERE photo_id IS NOT NULL AND NOT told;
CREATE INDEX photo_source_photo ON photo_source (photo_id) WHERE photo_id IS NOT NULL;

-- For finding the menus that show a photo. Few dishes have one when this runs, so it takes a moment.
CREATE INDEX item_photo ON item (photo) WHERE photo IS NOT NULL;
