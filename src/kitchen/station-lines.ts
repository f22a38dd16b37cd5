import type { TicketLine } from '../contract/index.ts';
import type { Only } from '../platform/db/citus/by-store.ts';

const name = (of: string): string =>
  `jsonb_build_object('ko', ${of}.name_ko, 'en', coalesce(nullif(${of}.name_en, ''), ${of}.name_ko))`;

/**
 * Steps after one called `ordered` that has the lines of a group (store_id, item_id, options): `dish`, each dish that is in it with its
 * station, name and attributes, and `chosen`, each choice of options with their names. Read and written out once however many lines have them: a
 * crowd orders few dishes many times, and by a dish at a time the planner, which knows nothing of new tables, looked through the whole menu
 * for every line, half of all that tickets and slips took.
 */
export const namedOnce = (only: Only): string => `dish AS MATERIALIZED (
  SELECT i.store_id, i.id, i.station, i.attributes, ${name('i')} AS name
  FROM (SELECT store_id, array_agg(DISTINCT item_id) AS ids FROM ordered GROUP BY store_id) d
  CROSS JOIN LATERAL (SELECT * FROM item i WHERE i.store_id = d.store_id AND ${only('i')} AND i.id = ANY (d.ids) OFFSET 0) i
), chosen AS MATERIALIZED (
  SELECT p.store_id, p.options, (
    SELECT jsonb_agg((SELECT ${name('q')} FROM item_option q WHERE q.store_id = p.store_id AND ${only('q')} AND q.id = c.id))
    FROM jsonb_to_recordset(p.options) AS c (id uuid)) AS names
  FROM (SELECT DISTINCT store_id, options FROM ordered WHERE options IS NOT NULL) p
)`;

/**
 * The lines of an order that are made at one station, as they were when it was asked: names in both languages, options,
 * attributes and note. Frozen in the ticket and in the slip, so that what the kitchen was told does not change under its hands.
 * SQL that aggregates over lines `p` (line, quantity), their `dish` i, what was `chosen` c and notes `n`.
 */
export const stationLines = `jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
  'line', p.line, 'itemId', i.id, 'name', i.name, 'quantity', p.quantity, 'note', n.note, 'options', coalesce(c.names, '[]'),
  'attributes', nullif(i.attributes, '{}'))) ORDER BY p.line)`;

/** Where {@link stationLines} takes them from. `$3` and `$4` are the bounds of the orders' ids. */
export const orderedByStation = (only: Only): string => `ordered p
  JOIN dish i ON i.store_id = p.store_id AND i.id = p.item_id
  LEFT JOIN chosen c ON c.store_id = p.store_id AND c.options = p.options
  LEFT JOIN LATERAL (
    SELECT * FROM order_note n WHERE n.store_id = p.store_id AND ${only('n')} AND n.order_id = p.id AND n.line = p.line
      AND n.order_id BETWEEN $3::uuid AND $4::uuid OFFSET 0) n ON true`;

/** A line as tickets and slips keep it. */
export type KeptLine = TicketLine & {
  /** Its place in the order, from 1, by which portions are taken off; what was made before there was one has none. */
  readonly line?: number;
};

/** What others are told of it. */
export const toTicketLine = ({ line: _, ...told }: KeptLine): TicketLine => told;
