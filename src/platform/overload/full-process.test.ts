import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import type { Asked } from '../http/fast-path/request-head.ts';
import { createAdmission } from './admission.ts';
import { createWorkLimit } from './work-limit.ts';

/**
 * What a request costs a process, in milliseconds of a core, and its database, as measured: what the tests ask is how the rules play
 * together, and no clock of this machine has a part in it.
 */
const COST = { ready: 0.031, defer: 0.016, refuse: 0.06, order: 0.2, orderDone: 0.2, status: 0.22, statusDone: 0.03 };
const COMMIT = { steps: 5, ms: 2, perOrderMs: 0.12 };
const EFFECT = { steps: 4, ms: 3, perOrderMs: 0.07, kinds: 4 };
const STATUS = { ms: 1, eachMs: 0.25, max: 100 };
const GROUP_MAX = 250;
const PHONES = 12_000;

type Kind = 'ready' | 'order' | 'status';
const STORE = '/api/v1/stores/0198c1c0-aaaa-7bbb-8ccc-0123456789ab';
const asked = (method: string, url: string): Asked => ({ method, url, header: () => undefined });
const ASKED = { order: asked('POST', `${STORE}/orders`), status: asked('GET', `${STORE}/orders/1`) };

interface Request {
  readonly kind: Kind;
  readonly atMs: number;
}

/**
 * A process whose database works on the same core: whoever is ready gets an equal part of it, as schedulers do. Orders and questions go
 * to the database in groups, each committed group makes work for four more connections, and every step of it waits for the process' next turn.
 */
function simulate(perSecond: number, forMs = 6_000) {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  let nowMs = 0;
  let unreadMs = 0;
  const work = createWorkLimit(
    BOUNDS.overload,
    () => nowMs,
    () => unreadMs,
  );
  let readsInTurn = 0;
  let readsBefore = 0;
  let groupMs = 0;
  const unread: Request[] = [];
  const later: Request[] = [];
  const resting: { request: Request; untilMs: number }[] = [];
  const database: { leftMs: number; done: () => number }[] = [];
  const tasks: (() => number)[] = [];
  const answered: Request[] = [];
  const waiting = { order: [] as Request[], status: [] as Request[] };
  const underway = { order: false, status: false };
  const effects = Array.from({ length: EFFECT.kinds }, () => ({ orders: 0, isUnderway: false }));
  const useful = { ready: 0, order: 0, status: 0 };
  const refusedAfterMs: number[] = [];
  let offered = 0;
  let nextAtMs = 0;
  let idlePhones = PHONES;

  const admission = createAdmission({
    work,
    // One store.
    flood: work,
    reads: () => readsBefore + readsInTurn,
    orderQueue: () => ({
      waiting: waiting.order.length,
      expectedMs: underway.order ? groupMs * (0.5 + Math.ceil((waiting.order.length + 1) / GROUP_MAX)) : 0,
    }),
    storeIdOf: () => 'store',
    isStaff: () => false,
    isReplay: () => false,
    now: () => nowMs,
    random,
  });

  function arrive(): void {
    for (; nextAtMs <= nowMs && nextAtMs < forMs; nextAtMs += (-Math.log(1 - random()) * 1_000) / perSecond) {
      offered += 1;
      const kind = random() < 0.8 ? 'ready' : random() < 0.5 ? 'order' : 'status';
      if (idlePhones === 0) continue;
      idlePhones -= 1;
      unread.push({ kind, atMs: nextAtMs });
    }
  }

  /** The process works for so long, beside the database. */
  function spend(leftMs: number): void {
    for (let left = leftMs; left > 1e-9; ) {
      const sharers = 1 + database.length;
      const ownMs = Math.min(left, ...database.map((each) => each.leftMs));
      left -= ownMs;
      nowMs += ownMs * sharers;
      pass(ownMs);
    }
  }

  function pass(ownMs: number): void {
    for (const each of database) each.leftMs -= ownMs;
    for (let at = database.length - 1; at >= 0; at -= 1)
      if (database[at]!.leftMs <= 1e-9) tasks.push(database.splice(at, 1)[0]!.done);
  }

  const ask = (steps: number, stepMs: number, done: () => number): (() => number) => {
    let step = 0;
    const next = (): number => {
      step += 1;
      if (step > steps) return done();
      database.push({ leftMs: stepMs, done: next });
      return 0.3;
    };
    return next;
  };

  function commit(): void {
    if (underway.order || waiting.order.length === 0) return;
    underway.order = true;
    const group = waiting.order.splice(0, GROUP_MAX);
    const fromMs = nowMs;
    const done = (): number => {
      underway.order = false;
      groupMs += (nowMs - fromMs < groupMs ? 0.5 : 0.2) * (nowMs - fromMs - groupMs);
      answered.push(...group);
      for (const effect of effects) {
        effect.orders += group.length;
        follow(effect);
      }
      commit();
      return 0.2;
    };
    tasks.push(ask(COMMIT.steps, (COMMIT.ms + COMMIT.perOrderMs * group.length) / COMMIT.steps, done));
  }

  function follow(effect: (typeof effects)[number]): void {
    if (effect.isUnderway || effect.orders === 0) return;
    effect.isUnderway = true;
    const orders = Math.min(GROUP_MAX, effect.orders);
    effect.orders -= orders;
    const done = (): number => {
      effect.isUnderway = false;
      follow(effect);
      return 0.2;
    };
    tasks.push(ask(EFFECT.steps, (EFFECT.ms + EFFECT.perOrderMs * orders) / EFFECT.steps, done));
  }

  function look(): void {
    if (underway.status || waiting.status.length === 0) return;
    underway.status = true;
    const group = waiting.status.splice(0, STATUS.max);
    const done = (): number => {
      underway.status = false;
      answered.push(...group);
      look();
      return 0.2;
    };
    database.push({ leftMs: STATUS.ms + STATUS.eachMs * group.length, done });
  }

  function answer(request: Request): void {
    idlePhones += 1;
    if (nowMs - request.atMs <= 1_000) useful[request.kind] += 1;
  }

  let turnFromMs = 0;
  let lastTurnMs = 0;
  let hadSlept = true;
  while (nowMs < forMs) {
    arrive();
    while (resting[0] && resting[0].untilMs <= nowMs) unread.unshift(resting.shift()!.request);
    if (unread.length + tasks.length + answered.length + later.length === 0) {
      hadSlept = true;
      const untilMs = Math.min(nextAtMs, resting[0]?.untilMs ?? forMs, forMs);
      const ownMs = Math.min((untilMs - nowMs) / Math.max(1, database.length), ...database.map((each) => each.leftMs));
      nowMs += Math.max(ownMs * Math.max(1, database.length), 1e-3);
      pass(Math.max(ownMs, 1e-3));
      continue;
    }
    const startedMs = nowMs;
    if (hadSlept) turnFromMs = nowMs;
    let readyMs = 0;
    const serve = (request: Request): void => {
      spend(COST.ready);
      readyMs += COST.ready;
      answer(request);
    };
    readsInTurn = 0;
    for (const request of unread.splice(0)) {
      readsInTurn += 1;
      if (request.kind === 'ready') {
        // Who has rested is answered, whatever there is to do.
        if (readyMs < admission.ready!.turnMs() || nowMs - request.atMs > 1_000) serve(request);
        else {
          spend(COST.defer);
          later.push(request);
        }
        continue;
      }
      if (admission.refusalOf(ASKED[request.kind], Math.max(hadSlept ? 0 : lastTurnMs, nowMs - startedMs))) {
        spend(COST.refuse);
        refusedAfterMs.push(nowMs - request.atMs);
        idlePhones += 1;
        continue;
      }
      spend(COST[request.kind]);
      work.began();
      waiting[request.kind].push(request);
      if (request.kind === 'order') commit();
      else look();
    }
    for (const task of tasks.splice(0)) spend(task());
    const { atLeast, share } = BOUNDS.intake.grouped.answers;
    for (const request of answered.splice(0, Math.max(atLeast, Math.ceil(answered.length * share)))) {
      spend(request.kind === 'order' ? COST.orderDone : COST.statusDone);
      work.ended(request.kind === 'order', nowMs - request.atMs);
      answer(request);
    }
    while (later[0] && nowMs - later[0].atMs > admission.ready!.waitMaxMs) {
      resting.push({ request: later.shift()!, untilMs: nowMs + 2_500 });
    }
    while (readyMs < admission.ready!.turnMs() && later.length > 0) serve(later.pop()!);
    spend(0.02);
    lastTurnMs = nowMs - turnFromMs;
    turnFromMs = nowMs;
    if (readsInTurn > 0) unreadMs += 0.2 * ((hadSlept ? 0 : lastTurnMs) - unreadMs);
    readsBefore = readsInTurn;
    hadSlept = false;
  }
  refusedAfterMs.sort((one, other) => one - other);
  return {
    offered,
    useful: useful.ready + useful.order + useful.status,
    orders: useful.order,
    refused: refusedAfterMs.length,
    refusedAfterP99Ms: refusedAfterMs[Math.floor(refusedAfterMs.length * 0.99)] ?? 0,
  };
}

test('of a load that a process bears next to nothing is refused', () => {
  const half = simulate(2_500);
  assert.deepEqual([half.refused, half.useful / half.offered > 0.99], [0, true]);
  const knee = simulate(5_000);
  assert.ok(knee.useful / knee.offered > 0.98, `${JSON.stringify(knee)}`);
});

for (const times of [1.2, 2, 3])
  test(`of ${times} times what a process bears it serves no less than before, and refuses the rest at once`, () => {
    const knee = simulate(5_000);
    const full = simulate(times * 5_000);
    const said = JSON.stringify(full);
    assert.ok(full.useful > 0.9 * knee.useful, said);
    assert.ok(full.orders > (times <= 2 ? 0.7 : 0.5) * knee.orders, said);
    assert.ok(full.refusedAfterP99Ms < 90, said);
  });
