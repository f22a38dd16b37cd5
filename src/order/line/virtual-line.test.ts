import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { newId } from '../../platform/id.ts';
import type { Sender } from './given-places.ts';
import { createMemoryLineExchange } from './line-exchange.ts';
import { createPlaceTokens } from './place-token.ts';
import { createVirtualLine, type LineBounds, type LineCapacity, type VirtualLine } from './virtual-line.ts';

// The line's own turns stand still; here they are taken by hand.
mock.timers.enable({ apis: ['setInterval'] });

const STORE = newId();
const BOUNDS: LineBounds = {
  waitingMax: 200_000,
  perSessionMax: 3,
  perClientMax: 7,
  placeLivesMs: 7_200_000,
  tickMs: 250,
  pollShare: 0.1,
};

/** A line of a clock that is moved by hand, and of counts that can be lost. */
function scene(capacity: Partial<LineCapacity> = {}, bounds: Partial<LineBounds> = {}) {
  const clock = { nowMs: 1_795_000_000_000 };
  const now = () => clock.nowMs;
  let exchange = createMemoryLineExchange(now);
  const answers = { areLost: false };
  const lose = () => {
    exchange = createMemoryLineExchange(now);
  };
  const line = createVirtualLine({
    tokens: createPlaceTokens('a-secret-of-16-letters'),
    exchange: {
      async share(news) {
        const all = await exchange.share(news);
        if (answers.areLost) throw new Error('the answer was lost');
        return all;
      },
    },
    capacity: { load: () => 0, perSecond: () => 100, kitchen: () => null, ...capacity },
    bounds: { ...BOUNDS, ...bounds },
    now,
    random: () => 0.5,
    timeMs: () => 0,
  });
  return { line, clock, lose, answers };
}

const give = (line: VirtualLine, id = newId(), sender?: Sender) => line.give({ storeId: STORE, id }, undefined, sender);
const look = (line: VirtualLine, token: string) => line.look(line.read(token, STORE)!);

/** Guests who come faster than a shop takes orders, with an intake that takes so many a second, one after the other. */
async function rush(options: { perSecond: number; offered: number; seconds: number; walkAways?: number }) {
  let queue = 0;
  const { line, clock } = scene({
    load: () => queue / (0.4 * options.perSecond),
    perSecond: () => options.perSecond,
  });
  const startMs = clock.nowMs;
  interface Guest {
    readonly id: string;
    readonly comesMs: number;
    readonly leaves: boolean;
    nextMs: number;
    token?: string;
    placeMs?: number;
    told?: { atMs: number; etaSeconds: number };
    letInMs?: number;
    servedMs?: number;
    polls: number;
  }
  const guests: Guest[] = Array.from({ length: options.offered * options.seconds }, (_, index) => {
    const comesMs = startMs + (1000 * index) / options.offered;
    return { id: newId(), comesMs, nextMs: comesMs, leaves: (index * 37) % 100 < (options.walkAways ?? 0), polls: 0 };
  });
  let worstWait = 0;
  for (let waiting = guests.filter(() => true); waiting.length > 0; ) {
    clock.nowMs += 10;
    queue = Math.max(0, queue - options.perSecond / 100);
    if ((clock.nowMs - startMs) % 250 === 0) await line.tick();
    assert.ok(clock.nowMs - startMs < 3_600_000, `${waiting.length} of ${guests.length} still wait`);
    for (const guest of waiting) {
      if (guest.nextMs > clock.nowMs) continue;
      const place = line.read(guest.token, STORE, guest.id);
      if (place) {
        guest.polls += 1;
        const seen = line.look(place);
        if (!seen.admitted) {
          if (!guest.told && guest.polls > 3) guest.told = { atMs: clock.nowMs, etaSeconds: seen.etaSeconds };
          guest.nextMs = clock.nowMs + seen.pollAfterMs;
          continue;
        }
        guest.letInMs ??= clock.nowMs;
      }
      if (line.mayEnter(STORE, place) && queue < 0.8 * options.perSecond) {
        queue += 1;
        worstWait = Math.max(worstWait, queue / options.perSecond);
        guest.servedMs = clock.nowMs;
        if (place) line.came(STORE);
      } else {
        const given = line.give({ storeId: STORE, id: guest.id }, place)!;
        guest.placeMs ??= clock.nowMs;
        guest.token = given.token;
        guest.nextMs = guest.leaves ? Number.POSITIVE_INFINITY : clock.nowMs + 1_000;
      }
    }
    waiting = waiting.filter(({ servedMs, nextMs }) => servedMs === undefined && nextMs < Number.POSITIVE_INFINITY);
  }
  await line.close();
  return { guests, tookS: (clock.nowMs - startMs) / 1000, worstWait, line };
}

test('a shop offered ten times what it takes serves everybody, those who came first first, at the rate that it takes', async () => {
  const { guests, tookS, worstWait } = await rush({ perSecond: 40, offered: 400, seconds: 10 });
  assert.ok(guests.every(({ servedMs }) => servedMs !== undefined));
  // Four thousand guests at forty a second.
  assert.ok(tookS >= 95 && tookS <= 125, `${tookS} s`);
  assert.ok(worstWait <= 0.85, `${worstWait}`);
  const placed = guests.filter(({ placeMs }) => placeMs !== undefined);
  assert.ok(placed.length > 3_500);
  // Nobody is served before somebody who came much earlier: at most as much as guests take to notice that they were let in.
  let latestMs = 0;
  let worstMs = 0;
  for (const { servedMs } of placed) {
    worstMs = Math.max(worstMs, latestMs - servedMs!);
    latestMs = Math.max(latestMs, servedMs!);
  }
  assert.ok(worstMs <= 20_000, `${worstMs} ms`);
});

test('what a guest is told of the time that it takes is right by a quarter', async () => {
  for (const perSecond of [20, 80]) {
    const { guests } = await rush({ perSecond, offered: perSecond * 10, seconds: 8 });
    const told = guests.filter(({ told }) => told && told.etaSeconds >= 10);
    assert.ok(told.length > 100, `${told.length}`);
    const right = told.filter(({ told, servedMs }) => {
      const tookS = (servedMs! - told!.atMs) / 1000;
      return tookS >= 0.75 * told!.etaSeconds && tookS <= 1.25 * told!.etaSeconds + 2;
    });
    assert.ok(right.length >= 0.85 * told.length, `${perSecond}: ${right.length} of ${told.length}`);
  }
});

test('walk-aways are not waited for: with half of the guests gone the others are served at the same rate', async () => {
  const { guests, tookS } = await rush({ perSecond: 40, offered: 400, seconds: 10, walkAways: 50 });
  const stayed = guests.filter(({ leaves, placeMs }) => !leaves || placeMs === undefined);
  assert.ok(stayed.every(({ servedMs }) => servedMs !== undefined));
  // Two thousand at forty a second, and the time in which the line found out.
  assert.ok(tookS <= 85, `${tookS} s for ${stayed.length}`);
});

test('a hundred thousand who wait ask so seldom that asking takes a tenth of a process', async () => {
  let askedMs = 0;
  const clock = { nowMs: 1_795_000_000_000 };
  const line = createVirtualLine({
    tokens: createPlaceTokens('a-secret-of-16-letters'),
    exchange: createMemoryLineExchange(() => clock.nowMs),
    capacity: { load: () => 1, perSecond: () => 200, kitchen: () => null },
    bounds: BOUNDS,
    now: () => clock.nowMs,
    // Each answer takes ten microseconds, of 400 that a whole request takes.
    timeMs: () => (askedMs += 0.01),
    random: () => 0.5,
  });
  const tokens = Array.from({ length: 100_000 }, () => give(line)!.token);
  await line.tick();
  for (let asked = 0; asked < 1_000; asked++) look(line, tokens[asked * 99]!);
  const { pollAfterMs, etaSeconds } = look(line, tokens.at(-1)!);
  assert.ok(etaSeconds > 250, `${etaSeconds}`);
  const perSecond = 100_000 / (pollAfterMs / 1_000);
  assert.ok(perSecond * 0.000_4 <= 0.105, `${perSecond} a second`);
  // Who is nearly there asks when it is time.
  assert.ok(look(line, tokens[300]!).pollAfterMs <= 3_000);
  await line.close();
});

test('an order has one place however often it is sent, and only with its own key and at its own store', async () => {
  const { line } = scene({ load: () => 1 });
  const id = newId();
  const first = give(line, id)!;
  give(line);
  const again = give(line, id)!;
  assert.deepEqual([again.token, again.ahead], [first.token, 0]);
  assert.equal(line.read(first.token, STORE, newId()), undefined);
  assert.equal(line.read(first.token, newId(), id), undefined);
  assert.equal(line.read('forged', STORE, id), undefined);
  await line.close();
});

test('a place ends with its time, and one from the future is none', async () => {
  const { line, clock } = scene({ load: () => 1 });
  const { token } = give(line)!;
  clock.nowMs += BOUNDS.placeLivesMs - 1;
  assert.ok(line.read(token, STORE));
  clock.nowMs += 1;
  assert.equal(line.read(token, STORE), undefined);
  clock.nowMs -= BOUNDS.placeLivesMs + 10_000;
  assert.equal(line.read(token, STORE), undefined);
  await line.close();
});

test('one table takes no more than its places, nor one client with as many tables as it likes; a full line gives none', async () => {
  const { line, clock } = scene({ load: () => 1 }, { waitingMax: 40 });
  const times = (count: number, sender?: (time: number) => Sender) =>
    Array.from({ length: count }, (_, time) => give(line, newId(), sender?.(time))).filter((place) => place).length;
  assert.equal(
    times(5, () => ({ client: 'phone', table: '7' })),
    3,
  );
  assert.equal(
    times(9, (time) => ({ client: 'phone', table: `made up ${time}` })),
    4,
  );
  assert.equal(
    times(9, () => ({ client: 'phone', table: null })),
    0,
  );
  // At the same table somebody else, and the same client at another store.
  assert.equal(
    times(5, () => ({ client: 'another', table: '7' })),
    3,
  );
  assert.ok(line.give({ storeId: newId(), id: newId() }, undefined, { client: 'phone', table: '7' }));
  // Where many wait one address may have half of them: it may be a telephone company's.
  assert.equal(times(12), 12);
  assert.equal(
    times(9, () => ({ client: 'phone', table: null })),
    8,
  );
  // Ten minutes later it is another visit, and nobody's place was lost.
  clock.nowMs += 10 * 60_000;
  assert.equal(
    times(5, () => ({ client: 'phone', table: '7' })),
    3,
  );
  times(40);
  assert.equal(give(line), undefined);
  await line.close();
});

test('nobody who waits and asks is overtaken by who comes now; a line of which nobody asks holds up nobody', async () => {
  const { line, clock } = scene({ load: () => 1 });
  const { token } = give(line)!;
  await line.tick();
  assert.equal(line.mayEnter(STORE), true);
  look(line, token);
  assert.equal(line.mayEnter(STORE), false);
  assert.equal(line.mayEnter(STORE, line.read(token, STORE)), false);
  assert.equal(line.mayEnter(newId()), true);
  clock.nowMs += 60_000;
  assert.equal(line.mayEnter(STORE), true);
  await line.close();
});

test('a full kitchen lets nobody in and says when; as it cooks it lets in as many as it has room for', async () => {
  const untilMs: number | null = 1_795_000_000_000 + 240_000;
  const kitchen = { orders: 0, perMinute: 6, wave: 3, closedMinutes: 0, untilMs: untilMs as number | null };
  const { line, clock } = scene({ kitchen: () => kitchen });
  const tokens = Array.from({ length: 20 }, () => give(line)!.token);
  await line.tick();
  const waits = look(line, tokens[0]!);
  assert.deepEqual([waits.admitted, waits.etaSeconds], [false, 240]);
  for (let passed = 0; passed < 240; passed += 10) {
    clock.nowMs += 10_000;
    look(line, tokens[19]!);
    await line.tick();
  }
  assert.equal(tokens.filter((token) => look(line, token).admitted).length, 0);
  Object.assign(kitchen, { orders: 3, untilMs: null });
  await line.tick();
  assert.equal(tokens.filter((token) => look(line, token).admitted).length, 3);
  // Twenty at six a minute.
  const last = look(line, tokens.at(-1)!);
  assert.ok(last.etaSeconds >= 60 && last.etaSeconds <= 240, `${last.etaSeconds}`);
  await line.close();
});

for (const { capacity, perMinute } of [
  { capacity: 10, perMinute: 2 },
  { capacity: 40, perMinute: 12 },
  { capacity: 80, perMinute: 120 },
]) {
  test(`in front of a kitchen that cooks ${perMinute} a minute everybody is served in turn, told right by a quarter, and few are let in in vain`, async () => {
    const cook = { open: capacity, isClosed: true };
    const room = () => {
      if (cook.open >= capacity) cook.isClosed = true;
      if (cook.open <= 0.7 * capacity) cook.isClosed = false;
      return {
        orders: cook.isClosed ? 0 : capacity - cook.open,
        perMinute,
        wave: Math.floor(0.3 * capacity + 1e-9),
        closedMinutes: cook.isClosed ? (cook.open - 0.7 * capacity) / perMinute : 0,
        untilMs: null,
      };
    };
    // As the product looks at a store: at most so often.
    let seen = room();
    const { line, clock } = scene({ kitchen: () => seen });
    const startMs = clock.nowMs;
    const guests = Array.from({ length: 6 * capacity }, (_, guest) => {
      clock.nowMs = startMs + 100 * guest;
      const id = newId();
      return {
        id,
        token: give(line, id)!.token,
        nextMs: clock.nowMs + 1_000,
        looks: 0,
        told: 0,
        toldMs: 0,
        tries: 0,
        servedMs: 0,
      };
    });
    while (guests.some(({ servedMs }) => servedMs === 0)) {
      clock.nowMs += 250;
      assert.ok(clock.nowMs - startMs < 4 * 3_600_000, 'somebody waits for ever');
      if ((clock.nowMs - startMs) % (60_000 / perMinute) < 250) cook.open = Math.max(0, cook.open - 1);
      if ((clock.nowMs - startMs) % 1_000 < 250) seen = room();
      for (const guest of guests) {
        if (guest.servedMs || guest.nextMs > clock.nowMs) continue;
        const told = look(line, guest.token);
        guest.looks += 1;
        if (guest.looks === 3) Object.assign(guest, { told: told.etaSeconds, toldMs: clock.nowMs });
        guest.nextMs = clock.nowMs + told.pollAfterMs;
        if (!told.admitted) continue;
        guest.tries += 1;
        guest.nextMs = clock.nowMs + 1_000;
        if (room().orders === 0) continue;
        cook.open += 1;
        line.came(STORE);
        guest.servedMs = clock.nowMs;
      }
      await line.tick();
    }
    const told = guests.filter((guest) => guest.told >= 30);
    const right = told.filter(({ told: seconds, toldMs, servedMs }) => {
      const tookS = (servedMs - toldMs) / 1_000;
      return tookS >= 0.75 * seconds && tookS <= 1.25 * seconds;
    });
    const says = `${right.length} of ${told.length} told times were right`;
    assert.ok(told.length >= guests.length / 2 && right.length >= 0.8 * told.length, says);
    const inVain = guests.filter(({ tries }) => tries > 1).length;
    assert.ok(inVain <= 0.1 * guests.length, `${inVain} of ${guests.length} were let in while there was no room`);
    await line.close();
  });
}

/** Processes with one line in front of one kitchen, whose clocks and turns are moved by hand. */
function manyProcesses(count: number) {
  const clock = { nowMs: 1_795_000_000_000 };
  const now = () => clock.nowMs;
  const exchange = createMemoryLineExchange(now);
  const kitchen = { orders: 0, perMinute: 60, wave: 10, closedMinutes: 1, untilMs: null };
  const away = { isAway: false };
  const lines = Array.from({ length: count }, () =>
    createVirtualLine({
      tokens: createPlaceTokens('a-secret-of-16-letters'),
      exchange: {
        share: (news) => (away.isAway ? Promise.reject(new Error('nobody listens')) : exchange.share(news)),
      },
      capacity: { load: () => 0, perSecond: () => 100, kitchen: () => kitchen },
      bounds: BOUNDS,
      now,
      random: () => 0.5,
      timeMs: () => 0,
    }),
  );
  // One a second, as within one each process orders those whom it has seen.
  const tokens = Array.from({ length: 40 }, (_, guest) => {
    clock.nowMs += 1_000;
    return give(lines[guest % count]!)!.token;
  });
  return {
    lines,
    kitchen,
    away,
    tokens,
    /** All look at the same moment, as all processes may. */
    async turns(seconds: number, who: readonly VirtualLine[] = lines) {
      for (let passed = 0; passed < seconds * 4; passed += 1) {
        clock.nowMs += 250;
        for (const line of who) for (const token of tokens.slice(-who.length)) look(line, token);
        await Promise.all(who.map((line) => line.tick()));
      }
    },
    admitted: (line: VirtualLine) => tokens.filter((token) => look(line, token).admitted).length,
    close: () => Promise.all(lines.map((line) => line.close())),
  };
}

test('three processes in front of one kitchen let in what it has room for, once, and all of them the same guests', async () => {
  const { lines, kitchen, turns, admitted, close } = manyProcesses(3);
  await turns(2);
  kitchen.orders = 10;
  await turns(3);
  assert.deepEqual(lines.map(admitted), [10, 10, 10]);
  // They come, each to another process; the kitchen has counted them, and cooks four more than it had.
  for (let guest = 0; guest < 10; guest += 1) lines[guest % 3]!.came(STORE);
  kitchen.orders = 0;
  await turns(3);
  kitchen.orders = 4;
  await turns(3);
  assert.deepEqual(lines.map(admitted), [14, 14, 14]);
  await close();
});

test('when the process is gone that let people in the next one does, and does not let in the same room again', async () => {
  const { lines, kitchen, turns, admitted, close } = manyProcesses(3);
  await turns(2);
  kitchen.orders = 10;
  await turns(2);
  const [gone, ...left] = lines;
  // None of the ten has come yet. The kitchen gets room for two more while one process stands still.
  kitchen.orders = 12;
  await turns(4, left);
  assert.deepEqual(left.map(admitted), [10, 10]);
  await turns(4, left);
  assert.deepEqual(left.map(admitted), [12, 12]);
  // It comes back, knows nothing of that, and lets in nobody before it has heard.
  await turns(2, [gone!]);
  await turns(1);
  assert.deepEqual(lines.map(admitted), [12, 12, 12]);
  await close();
});

test('processes that cannot hear each other share the room out and let in no more than one each too many', async () => {
  const { lines, kitchen, away, turns, admitted, close } = manyProcesses(3);
  await turns(2);
  away.isAway = true;
  // Until then they are believed to be there still.
  await turns(5);
  kitchen.orders = 10;
  await turns(3);
  const each = lines.map(admitted);
  assert.ok(
    each.every((count) => count >= 1 && count <= 3),
    `${each}`,
  );
  await close();
});

test('however often everything is lost, the places themselves bring the line back in their order, and it goes on', async () => {
  let load = 1;
  const { line, clock, lose } = scene({ load: () => load });
  const tokens: string[] = [];
  for (let guest = 0; guest < 30; guest++) {
    // Several in some seconds.
    clock.nowMs += guest % 3 === 0 ? 1_500 : 200;
    tokens.push(give(line)!.token);
  }
  clock.nowMs += 3_000;
  await line.tick();
  for (let losses = 0; losses < 3; losses++) {
    lose();
    await line.tick();
    for (const token of tokens.toReversed()) look(line, token);
    await line.tick();
    assert.deepEqual(
      tokens.map((token) => look(line, token).ahead),
      tokens.map((_, guest) => guest),
    );
  }
  load = 0;
  await line.tick();
  assert.ok(tokens.every((token) => look(line, token).admitted));
  await line.close();
});

test('a process whose counts were added and that heard no answer counts nobody twice, neither who came nor who was let in', async () => {
  const { line, clock, answers } = scene({ load: () => 1 });
  const tokens: string[] = [];
  const come = () => {
    clock.nowMs += 1_500;
    tokens.push(give(line)!.token);
  };
  for (let guest = 0; guest < 5; guest++) come();
  answers.areLost = true;
  for (let ticks = 0; ticks < 3; ticks++) {
    await line.tick();
    // Who comes meanwhile is told when somebody answers again.
    come();
  }
  answers.areLost = false;
  await line.tick();
  await line.tick();
  assert.deepEqual(
    tokens.map((token) => look(line, token).ahead),
    tokens.map((_, guest) => guest),
  );
  await line.close();
});

test('a process that starts while others wait learns of them from their places', async () => {
  const before = scene({ load: () => 1 });
  const tokens: string[] = [];
  for (let guest = 0; guest < 30; guest++) {
    before.clock.nowMs += 1_500;
    tokens.push(give(before.line)!.token);
  }
  const after = scene({ load: () => 1 });
  after.clock.nowMs = before.clock.nowMs + 3_000;
  for (const token of tokens.toReversed()) look(after.line, token);
  await after.line.tick();
  for (const token of tokens.toReversed()) look(after.line, token);
  assert.deepEqual(
    tokens.map((token) => look(after.line, token).ahead),
    tokens.map((_, guest) => guest),
  );
  await before.line.close();
  await after.line.close();
});
