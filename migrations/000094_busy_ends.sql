-- Up Migration

-- A store that a person called busy is so until its business day ends, and not for good. What is there without an end was said on
-- some day before: it ends with this one, so that a kitchen that is under way now keeps its longer promise.
UPDATE store_head h
SET state_until = (business_day(now(), s.time_zone, s.day_starts_hour) + 1 + s.day_starts_hour * interval '1 hour') AT TIME ZONE s.time_zone
FROM store s
WHERE s.id = h.store_id AND h.state = 'busy' AND h.state_by = 'hand' AND h.state_until IS NULL;
