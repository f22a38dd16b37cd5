import type { Only } from '../platform/db/citus/by-store.ts';

/**
 * The lines of an order that are made at one station, as they were when it was asked: names in both languages, options
 * and note. Frozen in the ticket and in the slip, so that what the kitchen was told does not change under its hands.
 * SQL that aggregates over lines `p` (store_id, line, quantity, options), their items `i` and notes `n`.
 */
export const stationLines = (only: Only): string => `jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
  'itemId', i.id, 'name', jsonb_build_object('ko', i.name_ko, 'en', coalesce(nullif(i.name_en, ''), i.name_ko)),
  'quantity', p.quantity, 'note', n.note,
  'options', coalesce((
    SELECT jsonb_agg((SELECT jsonb_build_object('ko', q.name_ko, 'en', coalesce(nullif(q.name_en, ''), q.name_ko))
                      FROM item_option q WHERE q.store_id = p.store_id AND ${only('q')} AND q.id = c.id))
    FROM jsonb_to_recordset(p.options) AS c (id uuid)
  ), '[]'))) ORDER BY p.line)`;
