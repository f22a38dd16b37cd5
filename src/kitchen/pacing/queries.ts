import { andOnly } from '../../platform/db/citus/by-store.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import type { KitchenPace, StationPace } from './rules.ts';

/** What is kept of a store's pace; its own minutes are with the store. */
export type KeptPace = Omit<KitchenPace, 'prepMinutes'>;

interface StationRow {
  readonly station: string;
  readonly capacity: number | null;
  readonly open: number;
  readonly work_minutes: number;
  readonly done_portions: number;
  readonly done_tickets: number;
  /** Milliseconds since 1970. */
  readonly last_done_ms: number | null;
  readonly base_minutes: number | null;
}

const toStation = (row: StationRow): StationPace => ({
  station: row.station,
  capacity: row.capacity,
  open: row.open,
  workMinutes: row.work_minutes,
  donePortions: row.done_portions,
  doneTickets: row.done_tickets,
  lastDoneAtMs: row.last_done_ms,
  baseMinutes: row.base_minutes,
});

const LAST_DONE = '(extract(epoch FROM last_done_at) * 1000)::float8';

/** Of those among these stores that have one, by one statement. Under the store's lock what is open only gets less. */
export async function readPaces(on: Queryable, storeIds: readonly string[]): Promise<Map<string, KeptPace>> {
  const { rows } = await on.query<{
    readonly store_id: string;
    readonly strategy: KitchenPace['strategy'];
    readonly correction: number | null;
    readonly spread: number | null;
    readonly stations: readonly StationRow[] | null;
  }>(
    `SELECT p.store_id, p.strategy, p.correction, p.spread,
       (SELECT json_agg(json_build_object('station', s.station, 'capacity', s.capacity, 'open', s.open,
          'work_minutes', s.work_minutes, 'done_portions', s.done_portions, 'done_tickets', s.done_tickets, 'last_done_ms', ${LAST_DONE},
          'base_minutes', s.base_minutes)
          ORDER BY s.station)
        FROM station_pace s WHERE s.store_id = p.store_id${andOnly(on, 's')}) AS stations
     FROM store_pace p WHERE p.store_id = ANY($1::uuid[])`,
    [`{${storeIds.join(',')}}`],
    'read-paces',
  );
  return new Map(
    rows.map((row) => [
      row.store_id,
      {
        strategy: row.strategy,
        correction: row.correction,
        spread: row.spread,
        stations: (row.stations ?? []).map(toStation),
      },
    ]),
  );
}

/** Portions that came to a station's work. */
export interface AddedPortions {
  readonly storeId: string;
  readonly station: string;
  readonly portions: number;
}

/** Counts portions in, by one statement; a station that nobody has named gets a row without a limit. */
export async function addPortions(tx: Queryable, added: readonly AddedPortions[]): Promise<void> {
  if (added.length === 0) return;
  await tx.query(
    `INSERT INTO station_pace (store_id, station, open)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[])
     ON CONFLICT (store_id, station) DO UPDATE SET open = station_pace.open + excluded.open`,
    [added.map(({ storeId }) => storeId), added.map(({ station }) => station), added.map(({ portions }) => portions)],
    'add-portions',
  );
}

/** Locks one station's row; undefined where the store has no pacing, or the station no work. */
export async function lockStation(tx: Queryable, storeId: string, station: string): Promise<StationPace | undefined> {
  const { rows } = await tx.query<StationRow>(
    `SELECT station, capacity, open, work_minutes, done_portions, done_tickets, ${LAST_DONE} AS last_done_ms,
       base_minutes FROM station_pace
     WHERE store_id = $1 AND station = $2 FOR UPDATE`,
    [storeId, station],
    'lock-station',
  );
  return rows[0] && toStation(rows[0]);
}

export async function writeStation(tx: Queryable, storeId: string, station: StationPace): Promise<void> {
  const { open, workMinutes, donePortions, doneTickets, lastDoneAtMs, baseMinutes } = station;
  await tx.query(
    `UPDATE station_pace SET open = $3, work_minutes = $4, done_portions = $5, done_tickets = $8, last_done_at = $6,
       base_minutes = $7
     WHERE store_id = $1 AND station = $2`,
    [
      storeId,
      station.station,
      open,
      workMinutes,
      donePortions,
      lastDoneAtMs === null ? null : new Date(lastDoneAtMs),
      baseMinutes,
      doneTickets,
    ],
    'write-station',
  );
}

/** Portions of an order that are still to be made, by station: from its tickets, or from its lines before it has any. */
export async function openPortionsOf(tx: Queryable, storeId: string, orderId: string): Promise<AddedPortions[]> {
  const { rows } = await tx.query<{ readonly station: string; readonly portions: number }>(
    `SELECT t.station, (SELECT sum((l ->> 'quantity')::int) FROM jsonb_array_elements(t.lines) l)::int AS portions
     FROM ticket t WHERE t.store_id = $1 AND t.order_id = $2 AND t.status IN ('placed', 'cooking')
     UNION ALL
     SELECT i.station, sum(l.quantity)::int FROM order_line l
     JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id
     WHERE l.store_id = $1 AND l.order_id = $2
       AND NOT EXISTS (SELECT FROM ticket t WHERE t.store_id = $1 AND t.order_id = $2)
     GROUP BY i.station`,
    [storeId, orderId],
    'open-portions-of-order',
  );
  return rows.map((row) => ({ storeId, ...row }));
}

/** Takes portions out of what is open; each is made, or nobody wants it any more. */
export async function removePortions(tx: Queryable, removed: readonly AddedPortions[]): Promise<void> {
  if (removed.length === 0) return;
  await tx.query(
    `UPDATE station_pace s SET open = greatest(0, s.open - t.portions)
     FROM unnest($1::uuid[], $2::text[], $3::int[]) AS t (store_id, station, portions)
     WHERE s.store_id = t.store_id AND s.station = t.station${andOnly(tx, 's')}`,
    [
      removed.map(({ storeId }) => storeId),
      removed.map(({ station }) => station),
      removed.map(({ portions }) => portions),
    ],
    'remove-portions',
  );
}

export async function hasPacing(tx: Queryable, storeId: string): Promise<boolean> {
  const { rows } = await tx.query('SELECT FROM store_pace WHERE store_id = $1', [storeId], 'has-pacing');
  return rows.length > 0;
}

/** What is learned of a store's promises, with its row locked; undefined where nothing is. */
export async function lockLearned(
  tx: Queryable,
  storeId: string,
): Promise<Pick<KitchenPace, 'correction' | 'spread'> | undefined> {
  const { rows } = await tx.query<Pick<KitchenPace, 'correction' | 'spread'>>(
    'SELECT correction, spread FROM store_pace WHERE store_id = $1 FOR UPDATE',
    [storeId],
    'lock-learned',
  );
  return rows[0];
}

export async function writeLearned(
  tx: Queryable,
  storeId: string,
  { correction, spread }: { readonly correction: number; readonly spread: number },
): Promise<void> {
  await tx.query(
    'UPDATE store_pace SET correction = $2, spread = $3 WHERE store_id = $1',
    [storeId, correction, spread],
    'write-learned',
  );
}
