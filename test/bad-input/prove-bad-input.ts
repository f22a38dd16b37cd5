import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { type Attack, attacksOf, bytesOf, tell } from './attacks.ts';
import { type Audit, watchRows } from './audit.ts';
import { type BadInputClass, CLASS_NAMES } from './classes.ts';
import { faultOf } from './judge.ts';
import { type Operation, operationsOf } from './operations.ts';
import { type House, openHouse } from './scene.ts';
import { type Sent, send } from './send.ts';

/** Of one class: how many requests were sent, and how many of them were answered with 400 or more, or not at all. */
export interface Count {
  tried: number;
  refused: number;
}

export interface Proof {
  readonly operations: number;
  readonly counts: Readonly<Record<BadInputClass, Count>>;
  /** How long somebody else's look at their order took beside all this and before it, in milliseconds; 0 without a clock. */
  readonly others: { readonly besideP99: number; readonly aloneP99: number };
}

export interface Plan {
  readonly seed: number;
  /** At least so many requests. Walks are whole, so that each operation meets each class as often as any other. */
  readonly requests: number;
  /** Of a walk through all operations and classes, which is some 2,700 requests; unset: all of it. */
  readonly share?: number;
  /** For how long others wait; unset: nobody looks. */
  readonly clock?: () => number;
}

/** At once: enough that they meet each other, and few enough that the process is not full. */
const AT_ONCE = 24;
/** Of a run: each costs some hundred requests more. */
const SHRUNK_MAX = 5;
/** What is made shorter is told as short as it is by then. */
const SHRINKS_MS_MAX = 10_000;
const FINDINGS_TOLD_MAX = 40;

/**
 * Sends hostile requests to every operation. A house is ransacked and thrown away after each walk through all operations and classes; a
 * second one beside it must never be heard of, and be served as ever.
 * @throws AssertionError with the seed and, of each finding, the fewest and shortest requests that show it
 */
export async function proveBadInput(t: Lifetime, { seed, requests, share = 1, clock = () => 0 }: Plan): Promise<Proof> {
  const env = { LIMITS: 'off', PAYMENT: 'sandbox' };
  // Tickets and slips come while the guest waits, so that there are some when the walk begins.
  const setting = await startTestApp(t, { env: { ...env, EFFECTS: 'inline' } });
  const app = await startTestApp(t, { databaseUrl: setting.databaseUrl, env });
  const other = await openHouse(setting, 'CANARY7f3b');
  const port = Number(new URL(app.app.url).port);
  const operations = operationsOf((await app.client.call('/api/openapi.json')).body);
  const audit = await watchRows(app.db);
  const counts = Object.fromEntries(CLASS_NAMES.map((name) => [name, { tried: 0, refused: 0 }])) as Record<
    BadInputClass,
    Count
  >;
  const tried = () => Object.values(counts).reduce((sum, count) => sum + count.tried, 0);

  const watchOther = watching(app.client, other, clock);
  const aloneMs = await watchOther.times(100);
  const besideMs: number[] = [];
  const findings: string[] = [];
  for (let walk = 0; walk === 0 || tried() < requests; walk += 1) {
    const house = await openHouse(setting, `OWN${walk}x`);
    const before = await watchOther.answers();
    await audit.take();
    for (const pairs of chunksOf(walkOf(operations, seed + walk, share), AT_ONCE)) {
      const attacks = pairs.map(([kind, operation]) =>
        fc.option(attacksOf(kind, operation, house, other), { freq: 1_000_000 }),
      );
      let first: Error | undefined;
      const { failed, errorInstance } = await fc.check(
        fc.asyncProperty(fc.tuple(...attacks), async (made) => {
          const batch = { attacks: made.filter((each) => each !== null), port, audit, secrets: other.secrets, counts };
          await checkBatch(batch).catch((error: Error) => {
            first ??= error;
            throw error;
          });
        }),
        {
          seed: seed + walk,
          numRuns: 1,
          endOnFailure: findings.length >= SHRUNK_MAX,
          interruptAfterTimeLimit: SHRINKS_MS_MAX,
        },
      );
      if (failed) {
        const finding = `${(errorInstance as Error).message}\n  before it was made shorter: ${first!.message}`;
        findings.push(finding);
        // Also of a run that is broken off.
        process.stderr.write(`${finding}\n`);
      }
      besideMs.push(...(await watchOther.times(1)));
    }
    assert.deepEqual(
      await watchOther.answers(),
      before,
      `seed ${seed + walk}: another store is told other things than before`,
    );
  }
  assert.ok(
    findings.length === 0,
    `${findings.length} findings, seed ${seed}:\n\n${findings.slice(0, FINDINGS_TOLD_MAX).join('\n\n')}`,
  );
  assertLogIsSilent(app.logLines, seed);
  return { operations: operations.length, counts, others: { besideP99: p99(besideMs), aloneP99: p99(aloneMs) } };
}

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

interface Batch {
  readonly attacks: readonly Attack[];
  readonly port: number;
  readonly audit: Audit;
  readonly secrets: readonly string[];
  readonly counts: Record<BadInputClass, Count>;
}

const isRead = ({ method }: Attack): boolean => method === 'GET' || method === 'HEAD';
/** A reader that asks for a slip has it, which is written down. */
const mayChange = (attack: Attack): boolean => !isRead(attack) || attack.operation.path.endsWith('/next');
const isRefused = ({ status }: Sent): boolean => status === 0 || status >= 400;
/**
 * A head that promises more than comes would be waited for; who hangs up behind it is answered at once or not at all. A request that
 * was whole may have been done by then: nobody heard whether, as on a bad line.
 */
const hangsUp = (attack: Attack): boolean => attack.cutAt !== undefined || attack.class === 'headers';
const isUnheard = (attack: Attack, { status }: Sent): boolean =>
  status === 0 && attack.class === 'headers' && attack.cutAt === undefined;
const isAccepted = (attack: Attack, sent: Sent): boolean => !isRefused(sent) || isUnheard(attack, sent);

/** Sends all at once, and looks at each answer and at every table. */
async function checkBatch({ attacks, port, audit, secrets, counts }: Batch): Promise<void> {
  const answers = await Promise.all(
    attacks.map(async (attack) => {
      const bytes = bytesOf(attack);
      const how = {
        hangsUp: hangsUp(attack),
        headOnly: attack.method === 'HEAD',
        ...(attack.pieces !== undefined && { pieces: attack.pieces }),
      };
      const sent = await Promise.all(Array.from({ length: attack.times ?? 1 }, () => send(port, bytes, how)));
      const count = counts[attack.class];
      count.tried += sent.length;
      count.refused += sent.filter(isRefused).length;
      const faults = sent.flatMap((each) => {
        const fault = faultOf(attack, each, secrets);
        return fault ? [`${tell(attack)}\n  the answer ${fault}\n  ${each.status} ${each.body.slice(0, 500)}`] : [];
      });
      return {
        attack,
        faults,
        isAccepted: sent.some((each) => isAccepted(attack, each)),
      };
    }),
  );
  const changed = await audit.take();
  const faults = answers.flatMap((each) => each.faults);
  assert.ok(faults.length === 0, faults.join('\n'));
  if (changed.length === 0) return;
  // Some were right and changed what they should, or an answer came before the last of its work. The refused ones are sent again, by
  // themselves: refused again, they change nothing.
  const refused = answers.filter(({ isAccepted, attack }) => !isAccepted || !mayChange(attack));
  if (refused.length > 0) {
    await checkUnchanged(
      refused.map(({ attack }) => attack),
      port,
      audit,
    );
  }
}

/** Somebody who hung up may still have been served when these were sent: what changes each time is changed by these. */
const AGAIN_TIMES = 3;

async function checkUnchanged(attacks: readonly Attack[], port: number, audit: Audit): Promise<void> {
  let changed: string[] = [];
  for (let time = 0; time < AGAIN_TIMES; time += 1) {
    const again = await Promise.all(
      attacks.map(async (attack) => {
        const how = { hangsUp: hangsUp(attack), headOnly: attack.method === 'HEAD' };
        return mayChange(attack) && isAccepted(attack, await send(port, bytesOf(attack), how));
      }),
    );
    changed = await audit.take();
    if (changed.length === 0 || again.some(Boolean)) return;
  }
  assert.fail(`refused, and yet ${changed.join(', ')}:\n${attacks.map(tell).join('\n')}`);
}

interface Asker {
  call(path: string, options?: { token?: string }): Promise<{ status: number; body: Json }>;
}

/** What the people of the other house see. */
function watching(client: Asker, { id, order, party }: House, clock: () => number) {
  const S = `/api/v1/stores/${id}`;
  const ask = (path: string, token?: string) => client.call(S + path, token === undefined ? {} : { token });
  return {
    async answers(): Promise<Json> {
      const asked = [
        ...['', '/menu', '/board', '/ranking?window=day'].map((path) => ask(path)),
        ask(`/orders/${order.id}`, order.token),
        ask(`/waitlist/${party.id}`, party.token),
        ...[
          '/kitchen/tickets',
          '/bills',
          '/coupons',
          '/webhooks',
          '/devices',
          '/invitations',
          '/settings',
          '/calls',
        ].map((path) => ask(path, ADMIN_KEY)),
      ];
      return (await Promise.all(asked)).map(({ status, body }) => [status, body]);
    },
    async times(count: number): Promise<number[]> {
      const took: number[] = [];
      for (let at = 0; at < count; at += 1) {
        const start = clock();
        assert.equal((await ask(`/orders/${order.id}`, order.token)).status, 200);
        took.push(clock() - start);
      }
      return took;
    },
  };
}

const p99 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;

/** Nothing that a client sends is a fault of ours, and no line has a stack. */
function assertLogIsSilent(lines: readonly string[], seed: number): void {
  const loud = lines.filter((line) => JSON.parse(line).level >= 50 || /\bat .+:\d+:\d+/.test(line));
  assert.deepEqual(loud.slice(0, 5), [], `seed ${seed}`);
}

/** The counts as people read them. */
export const countLines = ({ counts }: Pick<Proof, 'counts'>): string[] =>
  CLASS_NAMES.map(
    (name) =>
      `${name.padEnd(16)} ${String(counts[name].tried).padStart(8)} tried ${String(counts[name].refused).padStart(8)} refused`,
  );
