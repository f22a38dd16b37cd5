import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asked } from '../http/fast-path/request-head.ts';
import { createAdmission, type OrderLine } from './admission.ts';
import type { WorkLimit } from './work-limit.ts';

const STORE = '/api/v1/stores/0198c1c0-aaaa-7bbb-8ccc-0123456789ab';
const asked = (method: string, url: string, headers: Record<string, string> = {}): Asked => ({
  method,
  url,
  header: (name) => headers[name],
});
const ORDER = asked('POST', `${STORE}/orders`);
const STATUS = asked('GET', `${STORE}/orders/0198c1c0-aaaa-7bbb-8ccc-0123456789ac`);
const BOARD = asked('GET', `${STORE}/board/events`);
const TICKETS = asked('GET', `${STORE}/kitchen/tickets`, { authorization: 'Bearer known' });

/** So much under way that this is to be left out. */
const workAt = (pressure: number): WorkLimit => ({
  limit: 100,
  tookMs: 0,
  began() {},
  ended() {},
  pressure: () => pressure,
});

function admissionAt(
  level: number,
  {
    orderWaitMs = 0,
    waiting = 500,
    reads = 500,
    nowMs = () => 0,
    random,
    line,
    flood = workAt(level),
  }: Partial<Record<'orderWaitMs' | 'waiting' | 'reads', number>> & {
    flood?: WorkLimit;
    nowMs?: () => number;
    random?: () => number;
    line?: OrderLine;
  } = {},
) {
  let draws = 0;
  return createAdmission({
    work: workAt(level),
    flood,
    ...(line && { line }),
    reads: () => reads,
    orderQueue: () => ({ waiting, expectedMs: orderWaitMs }),
    storeIdOf: ({ url }) => url.split('/')[4],
    now: nowMs,
    isStaff: ({ header }) => header('authorization') === 'Bearer known',
    isReplay: ({ header }) => header('idempotency-key') === 'acknowledged',
    // Evenly over 0 to 1, so that shares can be counted.
    random:
      random ??
      (() => {
        draws += 1;
        return (draws % 1_000) / 1_000;
      }),
  });
}

const shareRefused = (level: number, what: Asked, ageMs = 0): number => {
  const admission = admissionAt(level);
  let refused = 0;
  for (let times = 0; times < 1_000; times += 1) if (admission.refusalOf(what, ageMs)) refused += 1;
  return refused / 1_000;
};

test('with time for everybody nobody is refused', () => {
  for (const what of [ORDER, STATUS, BOARD, TICKETS]) assert.equal(shareRefused(0, what, 100), 0);
});

test('the fuller, the more is refused: streams of strangers first, then status, orders last and never all', () => {
  for (const level of [0.1, 0.3, 0.5, 0.7, 0.9, 1]) {
    const [board, status, order] = [BOARD, STATUS, ORDER].map((what) => shareRefused(level, what));
    assert.ok(board! >= status! && status! >= order!, `${level}: ${board} ${status} ${order}`);
  }
  assert.equal(shareRefused(0.3, ORDER), 0);
  assert.equal(shareRefused(0.3, STATUS), 1);
  assert.ok(shareRefused(1, ORDER) < 1);
  assert.equal(shareRefused(1, STATUS), 1);
});

test('staff and acknowledged orders are never refused; a key that never opened anything is no staff', () => {
  assert.equal(shareRefused(1, TICKETS, 10_000), 0);
  assert.equal(shareRefused(1, asked('POST', ORDER.url, { 'idempotency-key': 'acknowledged' }), 10_000), 0);
  assert.equal(shareRefused(1, asked('GET', TICKETS.url, { authorization: 'Bearer forged' })), 1);
});

test('an order behind a crowd that would be answered too late is refused at once, however much time the loop has', () => {
  assert.ok(admissionAt(0, { orderWaitMs: 2_000, reads: 1 }).refusalOf(ORDER, 0));
  assert.ok(admissionAt(0, { orderWaitMs: 500 }).refusalOf(ORDER, 400));
  assert.equal(admissionAt(0, { orderWaitMs: 500 }).refusalOf(ORDER, 100), undefined);
  assert.equal(admissionAt(0, { orderWaitMs: 2_000 }).refusalOf(STATUS, 0), undefined);
});

test('a handful is never refused, however long it lay unread and however slow the database is: that is slow and not full', () => {
  const quiet = admissionAt(0, { orderWaitMs: 5_000, waiting: 19, reads: 19 });
  for (const what of [ORDER, STATUS, BOARD, TICKETS]) assert.equal(quiet.refusalOf(what, 10_000), undefined);
  assert.ok(admissionAt(0, { orderWaitMs: 5_000, waiting: 19, reads: 20 }).refusalOf(ORDER, 10_000));
  assert.ok(admissionAt(0, { orderWaitMs: 5_000, waiting: 20, reads: 19 }).refusalOf(ORDER, 0));
});

test('what lay unread for so long that its answer would be late came in a flood, also before any work is under way', () => {
  assert.equal(shareRefused(0, STATUS, 900), 1);
  assert.equal(shareRefused(0, STATUS, 700), 0);
});

test('a refusal says when to come again, spread, in a form that its reader understands', () => {
  let turns = 0;
  const random = () => {
    turns += 1;
    return (turns % 10) / 10;
  };
  const admission = admissionAt(1, { orderWaitMs: 5_000, random });
  const seen = new Set<string>();
  for (let times = 0; times < 200; times += 1) {
    const { status, headers, body } = admission.refusalOf(ORDER, 0)!.answer;
    const named = Object.fromEntries(
      Array.from({ length: headers.length / 2 }, (_, at) => [headers[2 * at], headers[2 * at + 1]]),
    );
    assert.equal(status, 503);
    assert.equal(named['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(String(body)).type, 'busy');
    seen.add(named['retry-after']!);
  }
  assert.ok(seen.size >= 3, [...seen].join());
  const page = admissionAt(1).refusalOf(asked('GET', '/s/hongdae/t/7', { accept: 'text/html' }), 0);
  assert.ok(!page || /잠시만요/.test(String(page.answer.body)));
});

test('menus that lie ready are never refused, not even by a process that can take no more', () => {
  assert.equal(shareRefused(1, asked('GET', `${STORE}/menu`), 10_000), 0);
});

test('an order is looked for in the line once, and not at all where there is time for everybody', () => {
  let finds = 0;
  const answers: number[] = [];
  const line: OrderLine = {
    find() {
      finds += 1;
      const refusal = (retryAfterS: number) => {
        answers.push(retryAfterS);
        return undefined;
      };
      return { isAdmitted: false, mustWait: true, refusal };
    },
  };
  assert.equal(admissionAt(0, { line }).refusalOf(ORDER, 0), undefined);
  assert.equal(finds, 0);
  // Whom the line gives no place is refused all the same.
  assert.equal(admissionAt(0.1, { line }).refusalOf(ORDER, 0)?.answer.status, 503);
  assert.deepEqual([finds, answers.length], [1, 1]);
  const admitted: OrderLine = { find: () => ({ isAdmitted: true, mustWait: false, refusal: () => undefined }) };
  assert.equal(admissionAt(0, { line: admitted, orderWaitMs: 5_000 }).refusalOf(ORDER, 0), undefined);
});

test('a crowd at one store is refused for its own orders’ sake, the store next door is not', () => {
  let nowMs = 0;
  const admission = admissionAt(1, { nowMs: () => nowMs });
  const refused = { crowd: 0, quiet: 0 };
  for (let times = 0; times < 4_000; times += 1) {
    nowMs += 1;
    if (admission.refusalOf(asked('POST', '/api/v1/stores/crowd/orders'), 0)) refused.crowd += 1;
    if (times % 100 > 0 || times < 1_000) continue;
    if (admission.refusalOf(asked('POST', '/api/v1/stores/quiet/orders'), 0)) refused.quiet += 1;
  }
  assert.equal(refused.quiet, 0);
  assert.ok(refused.crowd > 3_500, `${refused.crowd}`);
});

/** What is asked for at two stores in each of three seconds. @returns how many were refused in the last two */
function askedAt(
  admission: ReturnType<typeof createAdmission>,
  asks: Readonly<Record<'crowd' | 'quiet', number>>,
  at: (nowMs: number) => void,
) {
  const refused = { crowd: 0, quiet: 0 };
  for (let second = 0; second < 3; second += 1) {
    at(1_000 * second);
    for (const store of ['crowd', 'quiet'] as const)
      for (let times = 0; times < asks[store]; times += 1)
        if (admission.refusalOf(asked('POST', `/api/v1/stores/${store}/orders`), 0) && second > 0) refused[store] += 1;
  }
  return refused;
}

test('a store with a flood gives way at its own limit while guests of others order, and alone it does not', () => {
  for (const [others, expected] of [
    [0, 0],
    [2, 0],
    [5, 1],
  ] as const) {
    let nowMs = 0;
    const admission = admissionAt(0, { nowMs: () => nowMs, flood: workAt(1) });
    const refused = askedAt(admission, { crowd: 1_000, quiet: others }, (ms) => {
      nowMs = ms;
    });
    assert.deepEqual(refused, { crowd: 2_000 * expected, quiet: 0 }, `${others}`);
  }
});

test('with its own limit unreached a flood gives way as everybody does, and others beside it have whatever they ask for', () => {
  for (const level of [0, 0.5, 1]) {
    let nowMs = 0;
    const admission = admissionAt(level, { nowMs: () => nowMs, flood: workAt(0) });
    const refused = askedAt(admission, { crowd: 4_000, quiet: 20 }, (ms) => {
      nowMs = ms;
    });
    assert.equal(refused.quiet, 0);
    const share = refused.crowd / 8_000;
    assert.ok(level === 0.5 ? share > 0.2 && share < 0.8 : share === level, `${level}: ${share}`);
  }
});

/** Nobody is known, and nobody waits. */
const GUESTS_ONLY = {
  reads: () => 500,
  orderQueue: () => ({ waiting: 0, expectedMs: 0 }),
  storeIdOf: ({ url }: Asked) => url.split('/')[4],
  isStaff: () => false,
  isReplay: () => false,
};

test('orders of a flood count as work and at its own limit until they are answered, those of others as work alone', () => {
  let nowMs = 0;
  const counts = { work: 0, flood: 0 };
  const counted = (of: 'work' | 'flood'): WorkLimit => ({
    ...workAt(0),
    began() {
      counts[of] += 1;
    },
    ended() {
      counts[of] -= 1;
    },
  });
  const admission = createAdmission({
    work: counted('work'),
    flood: counted('flood'),
    ...GUESTS_ONLY,
    now: () => nowMs,
  });
  askedAt(admission, { crowd: 100, quiet: 5 }, (ms) => {
    nowMs = ms;
  });
  const ends = ['crowd', 'quiet'].map((store) => admission.begin!(asked('POST', `/api/v1/stores/${store}/orders`))!);
  assert.deepEqual(counts, { work: 2, flood: 1 });
  // The flood is over before its order is answered.
  nowMs = 60_000;
  admission.refusalOf(asked('POST', '/api/v1/stores/quiet/orders'), 0);
  for (const end of ends) end(10);
  assert.deepEqual(counts, { work: 0, flood: 0 });
});

test('of others’ orders is told how long they take, beside a flood and where nobody is refused for want of time', () => {
  let nowMs = 0;
  let pressure = 0;
  const told: [tookMs: number, isBesideFlood: boolean][] = [];
  const admission = createAdmission({
    work: { ...workAt(0), pressure: () => pressure },
    flood: workAt(0),
    neighbours: { ended: (...order) => told.push(order) },
    ...GUESTS_ONLY,
    now: () => nowMs,
  });
  const order = (store: string, tookMs: number) =>
    admission.begin!(asked('POST', `/api/v1/stores/${store}/orders`))!(tookMs);
  order('quiet', 11);
  pressure = 0.5;
  order('quiet', 12);
  askedAt(admission, { crowd: 100, quiet: 5 }, (ms) => {
    nowMs = ms;
  });
  order('quiet', 13);
  order('crowd', 14);
  admission.begin!(STATUS)!(15);
  assert.deepEqual(told, [
    [11, false],
    [13, true],
  ]);
});

test('what is counted as work is what guests wait for: orders, their status and what anybody may ask, not streams and not what staff ask', () => {
  const admission = admissionAt(0);
  const isCounted = (what: Asked): boolean => admission.begin!(what) !== undefined;
  for (const what of [ORDER, STATUS, asked('GET', `${STORE}/ranking`)]) assert.equal(isCounted(what), true, what.url);
  const stream = asked('GET', `${STATUS.url}/events?token=a`);
  for (const what of [stream, BOARD, TICKETS, asked('GET', `${STORE}/menu`), asked('GET', '/healthz')])
    assert.equal(isCounted(what), false, what.url);
});
