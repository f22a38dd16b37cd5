import type { OrderStatus, Ticket } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import type { OrderRef } from '../ports.ts';
import {
  hasPacing,
  lockLearned,
  lockStation,
  openPortionsOf,
  removePortions,
  writeLearned,
  writeStation,
} from './queries.ts';
import { learnDone, learnOrder } from './rules.ts';

const isOpen = (status: OrderStatus): boolean => status === 'placed' || status === 'cooking';
const portionsOf = (ticket: Ticket): number => ticket.lines.reduce((sum, line) => sum + line.quantity, 0);

/** Counts and learns from a ticket that went from one status to another, in the transaction that moved it. */
export async function learnFromTicket(tx: Queryable, storeId: string, before: Ticket, to: OrderStatus, nowMs: number) {
  if (isOpen(before.status) === isOpen(to)) return;
  const station = await lockStation(tx, storeId, before.station);
  if (!station) return;
  const portions = portionsOf(before);
  const open = Math.max(0, station.open + (isOpen(to) ? portions : -portions));
  const placedAtMs = Date.parse(before.placedAt);
  const learned = isOpen(to) ? station : learnDone(station, { portions, placedAtMs, nowMs });
  await writeStation(tx, storeId, { ...learned, open });
}

/** Learns from an order that is ready, from what it was promised and how long it took. */
export async function learnFromOrder(
  tx: Queryable,
  storeId: string,
  { placedAtMs, promisedAtMs, nowMs }: { placedAtMs: number; promisedAtMs: number; nowMs: number },
): Promise<void> {
  const learned = await lockLearned(tx, storeId);
  if (!learned) return;
  const promisedMinutes = (promisedAtMs - placedAtMs) / 60_000;
  await writeLearned(tx, storeId, learnOrder(learned, { promisedMinutes, tookMinutes: (nowMs - placedAtMs) / 60_000 }));
}

/** What is left of a cancelled order is nobody's work; before its tickets are cancelled. */
export async function forgetOrder(tx: Queryable, { storeId, id }: OrderRef): Promise<void> {
  // Two statements: one that waits for a row and prunes partitions meanwhile brings Postgres 18 down (ADR 9).
  if (await hasPacing(tx, storeId)) await removePortions(tx, await openPortionsOf(tx, storeId, id));
}
