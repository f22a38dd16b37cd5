/**
 * A crowd in a process of its own: what it takes of a core is not taken from whom it judges, and what is done to Matjip does not happen
 * to its ledger. Its plan is its argument; a line `stop` on its standard input ends the arrivals, and it says `done` when the last
 * guest has gone. It goes when its parent goes.
 */
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { createRandom } from '../../rehearsal/crowd/random.ts';
import { beGuest, type GuestParts, nowMs, readMenu } from './guest.ts';
import { openLedgerFile } from './ledger-file.ts';
import type { CrowdPlan } from './plan.ts';

/**
 * Phones have one connection each, opened when the others are waited for. With fewer, those whose order waits for a database that stands still
 * keep the others' from being sent, and the crowd takes its own queue for the server's.
 */
const CONNECTIONS = 2_000;
/** Past it a guest turns round at the door, which is written down: an open loop has no other way to stay in memory. */
const WAITING_MAX = 3_000;
/** Nobody waits longer for one answer; a page gives up sooner. */
const ANSWER_WITHIN_MS = 20_000;
/** After the last arrival, for those who have not been served yet. */
const PATIENCE_MS = 30_000;
const SAY_EVERY_MS = 100;

const plan = JSON.parse(process.argv[2]!) as CrowdPlan;
const ledger = openLedgerFile(plan.file);
const agent = new Agent({
  connections: CONNECTIONS,
  pipelining: 1,
  headersTimeout: ANSWER_WITHIN_MS,
  bodyTimeout: ANSWER_WITHIN_MS,
  connectTimeout: ANSWER_WITHIN_MS,
});
let acknowledged = 0;
let givesUpAtMs = Number.POSITIVE_INFINITY;
let stopped = false;
const present = new Set<Promise<void>>();
const parts: GuestParts = {
  plan,
  random: createRandom(plan.seed),
  ledger,
  agent,
  acknowledged: () => {
    acknowledged += 1;
  },
  givesUpAtMs: () => givesUpAtMs,
};

function stop(): void {
  stopped = true;
  givesUpAtMs = Math.min(givesUpAtMs, nowMs() + PATIENCE_MS);
}

const come = (visit: Promise<void>) => {
  present.add(visit);
  void visit.finally(() => present.delete(visit));
};

/** One in each slot of time, somewhere in it: a steady rate without a beat. */
async function arrive(perSecond: number, max: number, visit: (place: number, dueMs: number) => void): Promise<void> {
  const beganMs = nowMs();
  const slotMs = 1_000 / perSecond;
  const random = createRandom(`${plan.seed}/arrivals/${perSecond}`);
  for (let place = 0; place < max && !stopped; place += 1) {
    const dueMs = beganMs + slotMs * (place + random.next());
    const waitMs = dueMs - nowMs();
    if (waitMs > 1) await delay(waitMs);
    if (!stopped) visit(place, dueMs);
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => line === 'stop' && stop())
  .once('close', () => process.exit(1));
const saying = setInterval(() => console.log(`acknowledged ${acknowledged}`), SAY_EVERY_MS);
const guests = arrive(plan.perSecond, plan.guestsMax ?? Number.POSITIVE_INFINITY, (place, dueMs) => {
  if (present.size < WAITING_MAX) come(beGuest(parts, place, dueMs));
  else ledger.write({ kind: 'left', atMs: nowMs(), dueMs });
}).then(() => plan.guestsMax && stop());
const readers = plan.menusPerSecond
  ? arrive(plan.menusPerSecond, Number.POSITIVE_INFINITY, (place) => come(readMenu(parts, place)))
  : Promise.resolve();

await Promise.all([guests, readers]);
while (present.size > 0) await Promise.all(present);
clearInterval(saying);
await ledger.close();
console.log(`acknowledged ${acknowledged}\ndone`);
