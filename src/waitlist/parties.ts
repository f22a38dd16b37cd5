import type { PartyState, WaitlistState } from '../contract/index.ts';
import { createBatcher } from '../platform/concurrency/batcher.ts';
import { andOnly } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { PartyRef } from './ports.ts';

/** A party as it is on the disk. */
export interface Party extends PartyRef {
  readonly day: string;
  readonly number: number;
  readonly size: number;
  readonly name: string | null;
  readonly state: PartyState;
  /** Where it stands in the line, or would stand if it came back. */
  readonly position: number;
  readonly stepsBack: number;
  readonly joinedAt: Date;
  readonly calledAt: Date | null;
  readonly endedAt: Date | null;
}

/** A line's head row. */
export interface Head {
  readonly state: WaitlistState;
  readonly day: string;
  readonly lastNumber: number;
  readonly lastPosition: number;
  readonly version: number;
  readonly waiting: number;
}

const PARTY = `p.store_id AS "storeId", p.id, p.day, p.number, p.size, p.name, p.state, p.position,
  p.steps_back AS "stepsBack", p.joined_at AS "joinedAt", p.called_at AS "calledAt", p.ended_at AS "endedAt"`;
const HEAD = `state, day, last_number AS "lastNumber", last_position AS "lastPosition", version, waiting`;

/**
 * Who may be in a line today, for statements that have no id: an id's time is the phone's, which may be a day off, and a business day
 * has 25 hours at most. So they look into one or two partitions, however many months there are.
 */
const RECENT = `p.id >= uuid_v7_floor(now() - interval '3 days')`;

/** The least and the greatest: so that a statement over many ids looks into their partitions only. */
function rangeOf(ids: readonly string[]): [string | undefined, string | undefined] {
  const sorted = [...ids].sort();
  return [sorted[0], sorted.at(-1)];
}

/** A line that nobody has touched. */
export const NEW_HEAD: Head = {
  state: 'open',
  day: '-infinity',
  lastNumber: 0,
  lastPosition: 0,
  version: 0,
  waiting: 0,
};

/**
 * Locks a store's line until the transaction ends; whoever changes it comes here first. Nobody else's lock is taken under it.
 * @returns undefined when the store has no row yet
 */
export async function lockHead(tx: Queryable, storeId: string): Promise<Head | undefined> {
  const { rows } = await tx.query<Head>(
    `SELECT ${HEAD} FROM waitlist_head WHERE store_id = $1 FOR UPDATE`,
    [storeId],
    'lock-line',
  );
  return rows[0];
}

/** Does nothing where the store has a line already. */
export async function makeHead(db: Queryable, storeId: string): Promise<void> {
  await db.query('INSERT INTO waitlist_head (store_id) VALUES ($1) ON CONFLICT DO NOTHING', [storeId], 'make-line');
}

/** The head of a line, not locked; a new one where nobody has ever joined. */
export async function readHead(db: Queryable, storeId: string): Promise<Head> {
  const { rows } = await db.query<Head>(
    `SELECT ${HEAD} FROM waitlist_head WHERE store_id = $1`,
    [storeId],
    'read-line-head',
  );
  return rows[0] ?? NEW_HEAD;
}

/** Writes down what a change makes of the head. Its version grows by one. */
export async function writeHead(tx: Queryable, storeId: string, head: Omit<Head, 'version'>): Promise<void> {
  await tx.query(
    `UPDATE waitlist_head SET state = $2, day = $3, last_number = $4, last_position = $5, waiting = $6,
       version = version + 1 WHERE store_id = $1`,
    [storeId, head.state, head.day, head.lastNumber, head.lastPosition, head.waiting],
    'write-line-head',
  );
}

/** Parties by their addresses, of any stores, by one question. @returns in their order; undefined where there is none */
export async function readParties(db: Queryable, refs: readonly PartyRef[]): Promise<(Party | undefined)[]> {
  const ids = refs.map(({ id }) => id);
  const { rows } = await db.query<Party>(
    `SELECT ${PARTY} FROM unnest($1::uuid[], $2::uuid[]) AS asked (store_id, id)
     JOIN party p ON p.store_id = asked.store_id AND p.id = asked.id AND p.id BETWEEN $3 AND $4${andOnly(db, 'p')}`,
    [refs.map(({ storeId }) => storeId), ids, ...rangeOf(ids)],
    'read-parties',
  );
  const found = new Map(rows.map((party) => [`${party.storeId} ${party.id}`, party]));
  return refs.map(({ storeId, id }) => found.get(`${storeId} ${id}`));
}

/** Parties of one statement; more would keep the first waiting for the last. */
const READ_AT_ONCE = 500;
/** Twice the longest line that one process's phones look at in the same moment. */
const READS_WAITING_MAX = 4_000;

/** Those who look at their party at the same time share the question. @throws (from a read) Problem `busy` */
export function createSharedParties(db: Queryable): (refs: readonly PartyRef[]) => Promise<(Party | undefined)[]> {
  const readOne = createBatcher<PartyRef, Party | undefined>(
    async (refs) => (await readParties(db, refs)).map((value) => ({ status: 'fulfilled', value })),
    { sizeMax: READ_AT_ONCE, waitingMax: READS_WAITING_MAX },
  );
  return (refs) => Promise.all(refs.map(readOne));
}

/** Those who wait, from after a position. */
export async function readWaiting(
  db: Queryable,
  storeId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<Party[]> {
  const { rows } = await db.query<Party>(
    `SELECT ${PARTY} FROM party p
     WHERE p.store_id = $1 AND p.state = 'waiting' AND p.position > $2 AND ${RECENT} ORDER BY p.position LIMIT $3`,
    [storeId, after, limit],
    'read-waiting',
  );
  return rows;
}

/** Those who are called, the earliest call first. */
export async function readCalled(db: Queryable, storeId: string, limit: number): Promise<Party[]> {
  const { rows } = await db.query<Party>(
    `SELECT ${PARTY} FROM party p WHERE p.store_id = $1 AND p.state = 'called' AND ${RECENT}
     ORDER BY p.called_at DESC, p.number DESC LIMIT $2`,
    [storeId, limit],
    'read-called',
  );
  return rows.reverse();
}

/** Those who ended lately, the latest first. @param states which ends are asked for */
export async function readEnded(
  db: Queryable,
  storeId: string,
  states: readonly PartyState[],
  { since, limit }: { readonly since: Date; readonly limit: number },
): Promise<Party[]> {
  const { rows } = await db.query<Party>(
    `SELECT ${PARTY} FROM party p
     WHERE p.store_id = $1 AND p.ended_at >= $3 AND p.state = ANY($2::text[]) AND ${RECENT}
     ORDER BY p.ended_at DESC LIMIT $4`,
    [storeId, states, since, limit],
    'read-ended',
  );
  return rows;
}

export async function insertParties(tx: Queryable, parties: readonly Party[]): Promise<void> {
  const column = <K extends keyof Party>(name: K): Party[K][] => parties.map((party) => party[name]);
  await tx.query(
    `INSERT INTO party (store_id, id, day, number, size, name, position, joined_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::int[], $5::smallint[], $6::text[], $7::bigint[], $8::timestamptz[])`,
    [
      column('storeId'),
      column('id'),
      column('day'),
      column('number'),
      column('size'),
      column('name'),
      column('position'),
      column('joinedAt'),
    ],
    'insert-parties',
  );
}

/** Writes down parties of a store that were changed, by one statement. */
export async function writeParties(tx: Queryable, storeId: string, parties: readonly Party[]): Promise<void> {
  const column = <K extends keyof Party>(name: K): Party[K][] => parties.map((party) => party[name]);
  await tx.query(
    `UPDATE party p SET state = n.state, position = n.position, steps_back = n.steps_back,
       called_at = n.called_at, ended_at = n.ended_at
     FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::smallint[], $6::timestamptz[], $7::timestamptz[])
       AS n (id, state, position, steps_back, called_at, ended_at)
     WHERE p.store_id = $1 AND p.id = n.id AND p.id BETWEEN $8 AND $9`,
    [
      storeId,
      column('id'),
      column('state'),
      column('position'),
      column('stepsBack'),
      column('calledAt'),
      column('endedAt'),
      ...rangeOf(column('id')),
    ],
    'write-parties',
  );
}
