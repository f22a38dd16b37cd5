import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import type { Asked } from '../http/fast-path/request-head.ts';
import { createAdmission } from './admission.ts';
import { createNeighbours } from './neighbours.ts';
import { createWorkLimit } from './work-limit.ts';

/**
 * What a request costs a process, in milliseconds of a core, and its database, as measured: what the tests ask is how the rules play
 * together, and no clock of this machine has a part in it.
 */
const COST = { ready: 0.031, defer: 0.016, refuse: 0.06, order: 0.2, orderDone: 0.2, status: 0.22, statusDone: 0.03 };
const COMMIT = { steps: 5, ms: 2, perOrderMs: 0.12 };
const EFFECT = { steps: 4, ms: 3, perOrderMs: 0.07, kinds: 2 };
const STATUS = { ms: 1, eachMs: 0.25, max: 100 };
const GROUP_MAX = 250;
const PHONES = 12_000;
const INTAKE = BOUNDS.intake.grouped;
const JOBS = BOUNDS.jobs;
/** A flood is known to be one after its first window. */
const SETTLE_MS = 2_000;

type Kind = 'ready' | 'order' | 'status';
type Store = 'crowd' | 'neighbour';
const asked = (method: string, store: Store, path: string): Asked => ({
  method,
  url: `/api/v1/stores/${store}/${path}`,
  header: () => undefined,
});
const ASKED = {
  order: (store: Store) => asked('POST', store, 'orders'),
  status: (store: Store) => asked('GET', store, 'orders/1'),
};

interface Request {
  readonly store: Store;
  readonly kind: Kind;
  readonly atMs: number;
  /** Of one that was let in. */
  end?: ((tookMs: number) => void) | undefined;
}

interface Load {
  /** Of the crowd. */
  readonly perSecond: number;
  readonly forMs?: number;
  /** When the crowd comes. */
  readonly fromMs?: number;
  /** The crowd does nothing but order. */
  readonly ordersOnly?: boolean;
  /** Orders of the store next door. */
  readonly neighbourPerSecond?: number;
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length * share)] ?? 0;

/**
 * A process whose database works on the same core: whoever is ready gets an equal part of it, as schedulers do. Orders and questions go
 * to the database in groups, which gather as they do there, each committed group makes work for two more connections, and every step of it waits for the process' next turn.
 */
function simulate({ perSecond, forMs = 6_000, fromMs = 0, ordersOnly = false, neighbourPerSecond = 0 }: Load) {
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
  const neighbours = createNeighbours(BOUNDS.overload.flood.neighbours, () => nowMs);
  const flood = createWorkLimit(
    BOUNDS.overload.flood,
    () => nowMs,
    () => unreadMs,
    neighbours.change,
  );
  let readsInTurn = 0;
  let readsBefore = 0;
  let groupMs = 0;
  const unread: Request[] = [];
  const deferred: Request[] = [];
  const resting: { request: Request; untilMs: number }[] = [];
  const database: { leftMs: number; done: () => number }[] = [];
  const tasks: (() => number)[] = [];
  const answered: Request[] = [];
  const waiting = { crowd: [] as Request[], neighbour: [] as Request[], status: [] as Request[] };
  const underway = { crowd: false, neighbour: false, status: false };
  const effects = Array.from({ length: EFFECT.kinds }, () => ({ orders: 0, isUnderway: false, isResting: false }));
  let timers: { atMs: number; run: () => void }[] = [];
  const later = (ms: number, run: () => void): void => void timers.push({ atMs: nowMs + ms, run });
  const gathering = { crowd: false, neighbour: false };
  const useful = { ready: 0, order: 0, status: 0 };
  const refusedAfterMs: number[] = [];
  let offered = 0;
  const nextAtMs = {
    crowd: perSecond > 0 ? fromMs : forMs,
    neighbour: neighbourPerSecond > 0 ? 0 : forMs,
  };
  /** What orders took that came when the crowd had been there for a second. */
  const tookMs = { crowd: [] as number[], neighbour: [] as number[] };
  let neighbourRefused = 0;
  let idlePhones = PHONES;

  const admission = createAdmission({
    work,
    flood,
    neighbours,
    reads: () => readsBefore + readsInTurn,
    orderQueue(storeId) {
      const store = storeId as Store;
      const { length } = waiting[store];
      return {
        waiting: length,
        expectedMs: underway[store] ? groupMs * (0.5 + Math.ceil((length + 1) / GROUP_MAX)) : 0,
      };
    },
    storeIdOf: ({ url }) => url.split('/')[4],
    isStaff: () => false,
    isReplay: () => false,
    now: () => nowMs,
    random,
  });

  function arrive(): void {
    const pauseMs = (rate: number): number => (-Math.log(1 - random()) * 1_000) / rate;
    for (; nextAtMs.crowd <= nowMs && nextAtMs.crowd < forMs; nextAtMs.crowd += pauseMs(perSecond)) {
      offered += 1;
      const kind = ordersOnly ? 'order' : random() < 0.8 ? 'ready' : random() < 0.5 ? 'order' : 'status';
      if (idlePhones === 0) continue;
      idlePhones -= 1;
      unread.push({ store: 'crowd', kind, atMs: nextAtMs.crowd });
    }
    for (; nextAtMs.neighbour <= nowMs && nextAtMs.neighbour < forMs; nextAtMs.neighbour += pauseMs(neighbourPerSecond))
      unread.push({ store: 'neighbour', kind: 'order', atMs: nextAtMs.neighbour });
    if (neighbourPerSecond > 0) unread.sort((one, other) => one.atMs - other.atMs);
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

  function commit(store: Store): void {
    if (underway[store] || waiting[store].length === 0) return;
    if (gathering[store] && waiting[store].length < GROUP_MAX) return;
    underway[store] = true;
    const group = waiting[store].splice(0, GROUP_MAX);
    const fromMs = nowMs;
    const done = (): number => {
      underway[store] = false;
      gathering[store] = true;
      later(Math.min(INTAKE.gatherMaxMs, INTAKE.gatherTimes * (nowMs - fromMs)), () => {
        gathering[store] = false;
        commit(store);
      });
      groupMs += (nowMs - fromMs < groupMs ? 0.5 : 0.2) * (nowMs - fromMs - groupMs);
      answered.push(...group);
      for (const effect of effects) {
        effect.orders += group.length;
        follow(effect);
      }
      commit(store);
      return 0.2;
    };
    tasks.push(ask(COMMIT.steps, (COMMIT.ms + COMMIT.perOrderMs * group.length) / COMMIT.steps, done));
  }

  function follow(effect: (typeof effects)[number]): void {
    if (effect.isUnderway || effect.isResting || effect.orders === 0) return;
    effect.isUnderway = true;
    const fromMs = nowMs;
    const orders = Math.min(GROUP_MAX, effect.orders);
    effect.orders -= orders;
    const done = (): number => {
      effect.isUnderway = false;
      effect.isResting = true;
      later(Math.min(JOBS.gatherMaxMs, Math.max(JOBS.gatherMinMs, JOBS.gatherTimes * (nowMs - fromMs))), () => {
        effect.isResting = false;
        follow(effect);
      });
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
    if (request.kind === 'order' && request.atMs > fromMs + SETTLE_MS) tookMs[request.store].push(nowMs - request.atMs);
    if (request.store === 'neighbour') return;
    idlePhones += 1;
    if (nowMs - request.atMs <= 1_000) useful[request.kind] += 1;
  }

  let turnFromMs = 0;
  let lastTurnMs = 0;
  let hadSlept = true;
  while (nowMs < forMs) {
    arrive();
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter(({ atMs }) => atMs > nowMs);
    for (const { run } of due) run();
    while (resting[0] && resting[0].untilMs <= nowMs) unread.unshift(resting.shift()!.request);
    if (unread.length + tasks.length + answered.length + deferred.length === 0) {
      hadSlept = true;
      const untilMs = Math.min(
        nextAtMs.crowd,
        nextAtMs.neighbour,
        resting[0]?.untilMs ?? forMs,
        ...timers.map(({ atMs }) => atMs),
        forMs,
      );
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
          deferred.push(request);
        }
        continue;
      }
      const what = ASKED[request.kind](request.store);
      if (admission.refusalOf(what, Math.max(hadSlept ? 0 : lastTurnMs, nowMs - startedMs))) {
        spend(COST.refuse);
        if (request.store === 'neighbour') {
          if (request.atMs > fromMs + SETTLE_MS) neighbourRefused += 1;
          continue;
        }
        refusedAfterMs.push(nowMs - request.atMs);
        idlePhones += 1;
        continue;
      }
      spend(COST[request.kind]);
      request.end = admission.begin!(what);
      if (request.kind === 'order') {
        waiting[request.store].push(request);
        commit(request.store);
      } else {
        waiting.status.push(request);
        look();
      }
    }
    for (const task of tasks.splice(0)) spend(task());
    const { atLeast, share } = INTAKE.answers;
    for (const request of answered.splice(0, Math.max(atLeast, Math.ceil(answered.length * share)))) {
      spend(request.kind === 'order' ? COST.orderDone : COST.statusDone);
      request.end?.(nowMs - request.atMs);
      answer(request);
    }
    while (deferred[0] && nowMs - deferred[0].atMs > admission.ready!.waitMaxMs) {
      resting.push({ request: deferred.shift()!, untilMs: nowMs + 2_500 });
    }
    while (readyMs < admission.ready!.turnMs() && deferred.length > 0) serve(deferred.pop()!);
    spend(0.02);
    lastTurnMs = nowMs - turnFromMs;
    turnFromMs = nowMs;
    if (readsInTurn > 0) unreadMs += 0.2 * ((hadSlept ? 0 : lastTurnMs) - unreadMs);
    readsBefore = readsInTurn;
    hadSlept = false;
  }
  return {
    offered,
    useful: useful.ready + useful.order + useful.status,
    orders: useful.order,
    refused: refusedAfterMs.length,
    refusedAfterP99Ms: quantile(refusedAfterMs, 0.99),
    ordersPerSecond: tookMs.crowd.length / ((forMs - fromMs - SETTLE_MS) / 1_000),
    neighbour: {
      refused: neighbourRefused,
      p50Ms: quantile(tookMs.neighbour, 0.5),
      p99Ms: quantile(tookMs.neighbour, 0.99),
    },
  };
}

test('of a load that a process bears next to nothing is refused', () => {
  const half = simulate({ perSecond: 2_500 });
  assert.deepEqual([half.refused, half.useful / half.offered > 0.99], [0, true]);
  const knee = simulate({ perSecond: 5_000 });
  assert.ok(knee.useful / knee.offered > 0.98, `${JSON.stringify(knee)}`);
});

for (const times of [1.2, 2, 3])
  test(`of ${times} times what a process bears it serves no less than before, and refuses the rest at once`, () => {
    const knee = simulate({ perSecond: 5_000 });
    const full = simulate({ perSecond: times * 5_000 });
    const said = JSON.stringify(full);
    assert.ok(full.useful > 0.9 * knee.useful, said);
    assert.ok(full.orders > (times <= 2 ? 0.7 : 0.5) * knee.orders, said);
    assert.ok(full.refusedAfterP99Ms < 90, said);
  });

for (const times of [5, 10])
  test(`of ${times} times what a process bears menus leave six tenths of its orders their time`, () => {
    const knee = simulate({ perSecond: 5_500, forMs: 12_000 });
    const full = simulate({ perSecond: times * 5_500, forMs: 12_000 });
    const said = JSON.stringify({ knee, full });
    assert.ok(full.useful > 0.9 * knee.useful, said);
    assert.ok(full.orders > 0.6 * knee.orders, said);
  });

const FLOOD: Load = { perSecond: 4_000, ordersOnly: true, fromMs: 5_000, forMs: 25_000, neighbourPerSecond: 40 };

test('beside a flood the store next door takes less than twice as long as without one, and the flood goes on', () => {
  const quiet = simulate({ ...FLOOD, perSecond: 0 });
  const beside = simulate(FLOOD);
  const said = JSON.stringify({ quiet, beside });
  assert.equal(beside.neighbour.refused, 0, said);
  assert.ok(beside.neighbour.p99Ms < 2 * quiet.neighbour.p99Ms, said);
  assert.ok(beside.ordersPerSecond > 300, said);
});

test('of a crowd that the process bears next to nothing is refused for the store next door, and for nobody nothing', () => {
  const borne = simulate({ ...FLOOD, perSecond: 500 });
  assert.ok(borne.refused < 0.01 * borne.offered, JSON.stringify(borne));
  const [alone, beside] = [0, 40].map((neighbourPerSecond) => simulate({ ...FLOOD, neighbourPerSecond }));
  assert.ok(alone!.ordersPerSecond > 2 * beside!.ordersPerSecond, JSON.stringify({ alone, beside }));
});
