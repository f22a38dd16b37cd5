-- Up Migration

-- Where a dish's ingredients come from, which Korean law has restaurants show (원산지), and whether its guests must be of age.
-- New columns without a computed value: no row is written, and the lock is held for a moment.
ALTER TABLE item
  ADD COLUMN origin_ko text,
  ADD COLUMN origin_en text,
  ADD COLUMN age_check boolean NOT NULL DEFAULT false;
