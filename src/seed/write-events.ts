import type { OrderDraft, OrderRows, Venue } from './order-rows.ts';
import type { Random } from './random.ts';

const CANCELLED_SHARE = 0.02;
const MINUTE_MS = 60_000;
/** Minutes that an order stays in each state, from and to. */
const STAGES = {
  placed: { status: Buffer.from('placed'), next: 'cooking', from: 0.5, to: 4 },
  cooking: { status: Buffer.from('cooking'), next: 'ready', from: 4, to: 14 },
  ready: { status: Buffer.from('ready'), next: 'served', from: 0.5, to: 3 },
  served: { status: Buffer.from('served'), next: null, from: 0, to: 0 },
  cancelled: { status: Buffer.from('cancelled'), next: null, from: 0, to: 0 },
} as const;
type Status = keyof typeof STAGES;

/** How far an order has come. */
export interface Progress {
  /** The name of the order's status, as bytes. */
  readonly status: Buffer;
  readonly cancelled: boolean;
  readonly steps: number;
  readonly changedMs: number;
}

/** Writes all that has happened to an order by `nowMs`. */
export function writeEvents(rows: OrderRows, venue: Venue, order: OrderDraft, nowMs: number, random: Random): Progress {
  const { events } = rows;
  const cancelled = random.unit() < CANCELLED_SHARE;
  let state: Status = 'placed';
  let atMs = order.placedMs;
  for (let steps = 1; ; steps += 1) {
    const { status, next, from, to }: (typeof STAGES)[Status] = STAGES[state];
    events.row(6);
    events.uuid(venue.ids.id, 0);
    events.uuid(order.id, 0);
    events.int2(steps);
    events.bytes(status);
    events.timestamptz(atMs);
    events.timestamptz(order.promisedMs);
    const nextMs = atMs + Math.floor((from + (to - from) * random.unit()) * MINUTE_MS);
    if (next === null || nextMs > nowMs) {
      return { status, cancelled: state === 'cancelled', steps, changedMs: atMs };
    }
    state = cancelled ? 'cancelled' : next;
    atMs = nextMs;
  }
}
