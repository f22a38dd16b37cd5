import assert from 'node:assert/strict';
import fc from 'fast-check';
import { startTestApp } from '../support/app.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { attacksOf } from './attacks.ts';
import { watchRows } from './audit.ts';
import { type Count, checkBatch, type Unavailable } from './batch.ts';
import { type BadInputClass, CLASS_NAMES } from './classes.ts';
import { type Heard, p99, watchNeighbours } from './neighbours.ts';
import { type Operation, operationsOf } from './operations.ts';
import { openHouse } from './scene.ts';

export interface Proof {
  readonly operations: number;
  readonly counts: Readonly<Record<BadInputClass, Count>>;
  /** How long somebody else's look at their order took beside batches of these, and beside batches of harmless ones, in milliseconds; 0 without a clock. */
  readonly others: { readonly besideBadP99: number; readonly besideGoodP99: number };
  /** What somebody else was told meanwhile. */
  readonly heard: Readonly<Heard>;
  readonly unavailable: Readonly<Unavailable>;
}

export interface Plan {
  readonly seed: number;
  /** At least so many requests. Walks are whole, so that each operation meets each class as often as any other. */
  readonly requests: number;
  /** Of a walk through all operations and classes, which is some 2,700 requests; unset: all of it. */
  readonly share?: number;
  /** For how long others wait; unset: nobody looks. */
  readonly clock?: () => number;
  /** Told after each walk. */
  readonly said?: (line: string) => void;
}

/** After so many batches comes one of harmless requests, for what others' looks are compared with. */
const HARMLESS_EVERY = 8;
/** At once: enough that they meet each other, and few enough that the process is not full. */
const AT_ONCE = 24;
/** Of a run: each costs some hundred requests more. */
const SHRUNK_MAX = 5;
/** Of a finding, which is told as short as it is by then. */
const SHRINKS_MAX = 100;
const FINDINGS_TOLD_MAX = 40;

/**
 * Sends hostile requests to every operation. A house is ransacked and thrown away after each walk through all operations and classes; a
 * second one beside it must never be heard of, and be served as ever.
 * @throws AssertionError with the seed and, of each finding, the fewest and shortest requests that show it
 */
export async function proveBadInput(
  t: Lifetime,
  { seed, requests, share = 1, clock, said = () => {} }: Plan,
): Promise<Proof> {
  const env = { LIMITS: 'off', PAYMENT: 'sandbox' };
  // Tickets and slips come while the guest waits, so that there are some when the walk begins.
  const setting = await startTestApp(t, { env: { ...env, EFFECTS: 'inline' } });
  const app = await startTestApp(t, { databaseUrl: setting.databaseUrl, env });
  const other = await openHouse(setting, 'CANARY7f3b');
  const port = Number(new URL(app.app.url).port);
  const operations = operationsOf((await app.client.call('/api/openapi.json')).body);
  const audit = await watchRows(app.db);
  const counts = noCounts();
  const unavailable: Unavailable = { told: 0 };
  const tried = () => Object.values(counts).reduce((sum, count) => sum + count.tried, 0);

  const neighbours = watchNeighbours(app.client, other, clock);
  const besideBadMs: number[] = [];
  const besideGoodMs: number[] = [];
  const findings: string[] = [];
  for (let walk = 0; walk === 0 || tried() < requests; walk += 1) {
    const house = await openHouse(setting, `OWN${walk}x`);
    const before = await neighbours.answers();
    await audit.take();
    for (const [batch, pairs] of chunksOf(walkOf(operations, seed + walk, share), AT_ONCE).entries()) {
      const attacks = pairs.map(([kind, operation]) =>
        fc.option(attacksOf(kind, operation, house, other), { freq: 1_000_000 }),
      );
      let first: Error | undefined;
      let shrinks = 0;
      const checking = fc.check(
        fc.asyncProperty(fc.tuple(...attacks), async (made) => {
          // What would be shorter still is taken for harmless then, and not sent.
          if (first && ++shrinks > SHRINKS_MAX) return;
          const sent = {
            attacks: made.filter((each) => each !== null),
            port,
            audit,
            secrets: other.secrets,
            counts,
            unavailable,
          };
          await checkBatch(sent).catch((error: Error) => {
            first ??= error;
            throw error;
          });
        }),
        { seed: seed + walk, numRuns: 1, endOnFailure: findings.length >= SHRUNK_MAX },
      );
      const {
        value: { failed, errorInstance },
        tookMs,
      } = await neighbours.lookBeside(checking);
      if (failed) {
        const finding = `${(errorInstance as Error).message}\n  before it was made shorter: ${first!.message}`;
        findings.push(finding);
        // Also of a run that is broken off.
        process.stderr.write(`${finding}\n`);
      }
      // What is made shorter is sent many times, and its own looks say nothing.
      else besideBadMs.push(...tookMs);
      if (clock && batch % HARMLESS_EVERY === 0) {
        const harmless = fc.tuple(...pairs.map(([, operation]) => attacksOf('states', operation, house, other)));
        const [made] = fc.sample(harmless, { seed: seed + walk + batch, numRuns: 1 });
        const good = { attacks: made!, port, audit, secrets: other.secrets, counts: noCounts(), unavailable };
        besideGoodMs.push(...(await neighbours.lookBeside(checkBatch(good))).tookMs);
      }
    }
    assert.deepEqual(
      await neighbours.answers(),
      before,
      `seed ${seed + walk}: another store is told other things than before`,
    );
    said(
      `walk ${walk + 1}: ${tried()} requests, ${neighbours.heard.busy} of ${neighbours.heard.asked} looks told that it is busy, ${unavailable.told} answers that were asked once more`,
    );
  }
  assert.ok(
    findings.length === 0,
    `${findings.length} findings, seed ${seed}:\n\n${findings.slice(0, FINDINGS_TOLD_MAX).join('\n\n')}`,
  );
  assertLogIsSilent(app.logLines, seed);
  return {
    operations: operations.length,
    counts,
    others: { besideBadP99: p99(besideBadMs), besideGoodP99: p99(besideGoodMs) },
    heard: neighbours.heard,
    unavailable,
  };
}

const noCounts = (): Record<BadInputClass, Count> =>
  Object.fromEntries(CLASS_NAMES.map((name) => [name, { tried: 0, refused: 0 }])) as Record<BadInputClass, Count>;

/** Every class at every operation, in an order of the seed, so that neighbours differ. */
function walkOf(operations: readonly Operation[], seed: number, share: number): [BadInputClass, Operation][] {
  const all = operations.flatMap((operation) =>
    CLASS_NAMES.map((kind): [BadInputClass, Operation] => [kind, operation]),
  );
  const [order] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { seed, numRuns: 1 });
  return order!.slice(0, Math.ceil(all.length * share));
}

const chunksOf = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

/** Nothing that a client sends is a fault of ours, and no line has a stack. */
function assertLogIsSilent(lines: readonly string[], seed: number): void {
  const loud = lines.filter((line) => JSON.parse(line).level >= 50 || /\bat .+:\d+:\d+/.test(line));
  assert.deepEqual(loud.slice(0, 5), [], `seed ${seed}`);
}

/** The counts as people read them. */
export const countLines = ({ counts, heard, unavailable }: Proof): string[] => [
  ...CLASS_NAMES.map(
    (name) =>
      `${name.padEnd(16)} ${String(counts[name].tried).padStart(8)} tried ${String(counts[name].refused).padStart(8)} refused`,
  ),
  `${'others'.padEnd(16)} ${String(heard.asked).padStart(8)} asked ${String(heard.busy).padStart(8)} were told that it is busy`,
  `${'unavailable'.padEnd(16)} ${String(unavailable.told).padStart(8)} answers, each asked once more`,
];
