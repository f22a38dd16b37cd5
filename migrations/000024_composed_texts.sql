-- Up Migration

-- Names are composed (NFC) where they come in; those that came in before are composed here, and the menus that show
-- them get a new version. Only rows that differ are touched. Notes of old orders stay as they were printed.
DO $$
BEGIN
  -- Postgres composes UTF-8 only; another encoding can hold no decomposed Hangul either.
  IF getdatabaseencoding() <> 'UTF8' THEN
    RETURN;
  END IF;
  CREATE TEMPORARY TABLE composed_store (id uuid) ON COMMIT DROP;
  WITH changed AS (
    UPDATE category SET name_ko = normalize(name_ko), name_en = normalize(name_en)
    WHERE name_ko IS NOT NFC NORMALIZED OR name_en IS NOT NFC NORMALIZED RETURNING store_id
  ) INSERT INTO composed_store SELECT store_id FROM changed;
  WITH changed AS (
    UPDATE item SET name_ko = normalize(name_ko), name_en = normalize(name_en),
      description_ko = normalize(description_ko), description_en = normalize(description_en)
    WHERE name_ko IS NOT NFC NORMALIZED OR name_en IS NOT NFC NORMALIZED
      OR description_ko IS NOT NFC NORMALIZED OR description_en IS NOT NFC NORMALIZED RETURNING store_id
  ) INSERT INTO composed_store SELECT store_id FROM changed;
  WITH changed AS (
    UPDATE option_group SET name_ko = normalize(name_ko), name_en = normalize(name_en)
    WHERE name_ko IS NOT NFC NORMALIZED OR name_en IS NOT NFC NORMALIZED RETURNING store_id
  ) INSERT INTO composed_store SELECT store_id FROM changed;
  WITH changed AS (
    UPDATE item_option SET name_ko = normalize(name_ko), name_en = normalize(name_en)
    WHERE name_ko IS NOT NFC NORMALIZED OR name_en IS NOT NFC NORMALIZED RETURNING store_id
  ) INSERT INTO composed_store SELECT store_id FROM changed;
  UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id IN (SELECT id FROM composed_store);
  UPDATE store SET name_ko = normalize(name_ko), name_en = normalize(name_en)
  WHERE name_ko IS NOT NFC NORMALIZED OR name_en IS NOT NFC NORMALIZED;
  UPDATE brand SET name_ko = normalize(name_ko), name_en = normalize(name_en)
  WHERE name_ko IS NOT NFC NORMALIZED OR name_en IS NOT NFC NORMALIZED;
END
$$;
