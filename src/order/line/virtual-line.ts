import type { LinePlace, LineView } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { KitchenRoom, OrderRef } from '../ports.ts';
import { type AdmissionWindow, createAdmissionWindow } from './admission-window.ts';
import { Arrivals, type SlotCount, slotOf } from './arrivals.ts';
import { LINE_LIVES_MS, type LineExchange } from './line-exchange.ts';
import type { Place, PlaceTokens } from './place-token.ts';
import { createPollTimes } from './poll-times.ts';

/** What a line may let in, as far as this process can tell. */
export interface LineCapacity {
  /** Of this process' intake for an order of this store that came now: 0 is idle, from 1 on it would wait too long. */
  load(storeId: string): number;
  /** Orders a second that the intake takes; 0 while nobody knows. */
  perSecond(): number;
  /** What the kitchen has room for; null: it is no bound. At once where that is at hand. Rejects when nobody can tell. */
  kitchen(storeId: string): KitchenRoom | null | Promise<KitchenRoom | null>;
}

export interface LineBounds {
  /** Places of one store that wait; past it a refusal has none. */
  readonly waitingMax: number;
  /** Places that one table session may have given in this time. */
  readonly perSessionMax: number;
  /** How long a place is good for, and its walk-away waited for, in milliseconds. */
  readonly placeLivesMs: number;
  /** How often people are let in and processes tell each other, in milliseconds. */
  readonly tickMs: number;
  /** Of a process' time, what may go into asking. */
  readonly pollShare: number;
}

export interface VirtualLineOptions {
  readonly tokens: PlaceTokens;
  readonly exchange: LineExchange;
  readonly capacity: LineCapacity;
  readonly bounds: LineBounds;
  readonly now: Clock;
  readonly random?: () => number;
  /** Of one process' time, for what asking costs; tests move it by hand. */
  readonly timeMs?: () => number;
}

/** The line of orders in front of stores that more guests want to order at than can be served at once. */
export interface VirtualLine {
  /** @returns undefined unless this token is a place of this store that is good still; an order's key must be the one it was given to */
  read(token: string | undefined, storeId: string, orderId?: string): Place | undefined;
  /**
   * The place of a refused order: the one that it has, or a new one at the end.
   * @param session who sent it, as a table and its client; unset: nobody is told apart
   * @returns undefined where no more places are given
   */
  give(order: OrderRef, held?: Place, session?: string): LinePlace | undefined;
  /** How far a place has come; a sign that its guest still waits. */
  look(place: Place): LineView;
  /** Whether an order may go into the intake: it was let in, or nobody waits in front of it. */
  mayEnter(storeId: string, place?: Place): boolean;
  /** Somebody who had been let in was served. */
  came(storeId: string): void;
  /** Lets people in, and tells the other processes. Called by itself as long as there is a line. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

interface Line {
  readonly arrivals: Arrivals;
  readonly window: AdmissionWindow;
  /** Not told to the other processes yet. */
  news: Map<number, { arrived: number; admitted: number }>;
  /** When somebody last asked with a place, or was given one. */
  heardAtMs: number;
  askedAtMs: number;
  /** Nothing was heard of the other processes yet, or they knew nothing of this line: places that come make it known again. */
  isNew: boolean;
  /** As it was last heard of; undefined: it was not yet, and then nobody is let in. */
  kitchen: KitchenRoom | null | undefined;
  /** Who was taken back after everything was lost, by slot. */
  readonly back: Map<number, Set<string>>;
  rate: { perSecond: number; admitted: number; atMs: number; sinceMs: number };
}

/** Whoever asks does so well within this, so a line of which nobody has asked holds up no newcomer. */
const ASKED_WITHIN_MS = 20_000;
/** What the line lets in is smoothed over so long. */
const RATE_MEMORY_MS = 8_000;
const RATE_MIN = 0.2;
/** Places given lately, so that an order that is sent again gets its own and not another. */
const LATELY_MAX = 50_000;
const SESSIONS_MAX = 20_000;
const SESSION_MS = 10 * 60_000;
/** Counts are kept so long after everybody in them was let in, for processes that are behind. */
const KEPT_SLOTS = 60;
/** What one process has counted the others know by then. */
const TOLD_WITHIN_MS = 2_000;
/** Clocks of processes differ by so much at most. */
const AHEAD_OF_TIME_MS = 5_000;

/**
 * Whoever is refused gets a place: the moment in which they came, signed for their order and store. The line lets in everybody who
 * came before a mark, and each process moves the mark by what it can take itself, so they need not agree on anything but to add.
 * A line that nobody asks about holds up nobody: a crowd that only tries again is served as if there were none.
 */
export function createVirtualLine(options: VirtualLineOptions): VirtualLine {
  const { tokens, exchange, capacity, bounds, now, random = Math.random } = options;
  const lines = new Map<string, Line>();
  const lately = new Map<string, number>();
  const sessions = new Map<string, { count: number; untilMs: number }>();
  const pollTimes = createPollTimes({ share: bounds.pollShare, random });
  const timeMs = options.timeMs ?? (() => performance.now());
  let lastAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> | undefined;

  const keyOf = ({ storeId, id }: OrderRef): string => `${storeId}${id}`;

  function lineOf(storeId: string): Line {
    let line = lines.get(storeId);
    if (!line) {
      const nowMs = now();
      line = {
        arrivals: new Arrivals(),
        window: createAdmissionWindow(capacity.perSecond()),
        news: new Map(),
        heardAtMs: nowMs,
        askedAtMs: Number.NEGATIVE_INFINITY,
        isNew: true,
        back: new Map(),
        kitchen: undefined,
        rate: { perSecond: 0, admitted: 0, atMs: nowMs, sinceMs: nowMs },
      };
      const kitchen = capacity.kitchen(storeId);
      if (kitchen instanceof Promise) kitchen.catch(() => {});
      else line.kitchen = kitchen;
      lines.set(storeId, line);
    }
    timer ??= setInterval(() => void tick(), bounds.tickMs).unref();
    return line;
  }

  function remember(key: string, atMs: number): void {
    lately.set(key, atMs);
    if (lately.size > LATELY_MAX) lately.delete(lately.keys().next().value!);
  }

  function note(line: Line, slot: number, by: SlotCount): void {
    const known = line.news.get(slot) ?? { arrived: 0, admitted: 0 };
    line.news.set(slot, { arrived: known.arrived + by.arrived, admitted: known.admitted + by.admitted });
  }

  function arrive(line: Line, atMs: number): void {
    line.arrivals.arrive(atMs);
    note(line, slotOf(atMs), { arrived: 1, admitted: 0 });
  }

  function isWithinSession(session: string | undefined, nowMs: number): boolean {
    if (session === undefined) return true;
    const known = sessions.get(session);
    if (known && known.untilMs > nowMs) {
      known.count += 1;
      return known.count <= bounds.perSessionMax;
    }
    sessions.set(session, { count: 1, untilMs: nowMs + SESSION_MS });
    if (sessions.size > SESSIONS_MAX) sessions.delete(sessions.keys().next().value!);
    return true;
  }

  /** Nobody knows of anybody in this place's second: all was lost, or the line had died. Then the places themselves bring it back. */
  function takeBack(line: Line, { id, atMs }: Place): void {
    // Younger ones may only not have been told yet.
    if (now() - atMs < TOLD_WITHIN_MS) return;
    const slot = slotOf(atMs);
    const back = line.back.get(slot);
    if (back ? back.has(id) : line.arrivals.knowsSlotOf(atMs)) return;
    line.back.set(slot, (back ?? new Set()).add(id));
    arrive(line, atMs);
  }

  const isAdmitted = (line: Line, place: Place): boolean => place.atMs < line.arrivals.markMs;

  /** What was seen of the line weighs more the longer it was seen; before that the intake or the kitchen says how fast it goes. */
  function secondsFor(line: Line, ahead: number): number {
    const nowMs = now();
    const { kitchen } = line;
    const said = kitchen ? kitchen.perMinute / 60 : capacity.perSecond();
    const seen = 1 - Math.exp((line.rate.sinceMs - nowMs) / RATE_MEMORY_MS);
    const perSecond = Math.max(RATE_MIN, line.rate.perSecond + (1 - seen) * said);
    const closedS = kitchen?.untilMs ? (kitchen.untilMs - nowMs) / 1000 : 0;
    return Math.max(1, Math.ceil(Math.max((ahead + 1) / perSecond, closedS)));
  }

  function tellRate(line: Line, nowMs: number): void {
    const { rate, arrivals } = line;
    const passedMs = nowMs - rate.atMs;
    if (passedMs <= 0) return;
    const keep = Math.exp(-passedMs / RATE_MEMORY_MS);
    const perSecond = (1000 * (arrivals.admitted - rate.admitted)) / passedMs;
    line.rate = {
      // A sum that fades, from nothing: what is missing of its weight is what is not known yet.
      perSecond: rate.perSecond * keep + perSecond * (1 - keep),
      admitted: arrivals.admitted,
      atMs: nowMs,
      sinceMs: arrivals.admitted === 0 ? nowMs : rate.sinceMs,
    };
  }

  async function letIn(storeId: string, line: Line): Promise<void> {
    try {
      line.kitchen = await capacity.kitchen(storeId);
    } catch {
      // As it was last heard of.
    }
    const nowMs = now();
    line.arrivals.forget(nowMs - bounds.placeLivesMs);
    if (line.arrivals.waiting > 0 && !line.isNew && line.kitchen !== undefined) {
      const room = line.window.room(nowMs, capacity.load(storeId), line.kitchen?.orders ?? Number.MAX_SAFE_INTEGER);
      let count = 0;
      for (const [slot, admitted] of line.arrivals.admit(room, nowMs)) {
        note(line, slot, { arrived: 0, admitted });
        count += admitted;
      }
      line.window.admitted(count, nowMs);
    }
    tellRate(line, nowMs);
  }

  async function share(): Promise<void> {
    const nowMs = now();
    const told = [...lines].map(([storeId, line]) => {
      if (nowMs - line.askedAtMs < LINE_LIVES_MS || line.news.size > 0)
        note(line, slotOf(nowMs), { arrived: 0, admitted: 0 });
      const counts = line.news;
      line.news = new Map();
      const doneBefore = slotOf(line.arrivals.markMs) - KEPT_SLOTS;
      return { storeId, line, counts, doneBefore };
    });
    if (told.length === 0) return;
    try {
      const all = await exchange.share(told);
      for (const { storeId, line } of told) {
        const counts = all.get(storeId) ?? new Map();
        line.isNew = false;
        line.arrivals.replace(counts, line.news, now());
      }
    } catch {
      // Each process goes on with what it knows, and tells it when somebody listens again.
      for (const { line, counts } of told) {
        line.isNew = false;
        for (const [slot, count] of counts) note(line, slot, count);
      }
    }
  }

  async function turn(): Promise<void> {
    const nowMs = now();
    for (const [storeId, line] of lines) {
      await letIn(storeId, line);
      if (nowMs - Math.max(line.heardAtMs, line.askedAtMs) > LINE_LIVES_MS) lines.delete(storeId);
    }
    await share();
    if (lines.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  function tick(): Promise<void> {
    ticking ??= turn().finally(() => {
      ticking = undefined;
    });
    return ticking;
  }

  const waitingInAll = (): number => {
    let waiting = 0;
    for (const { arrivals } of lines.values()) waiting += arrivals.waiting;
    return waiting;
  };

  return {
    read(token, storeId, orderId) {
      const place = token === undefined ? undefined : tokens.read(token, storeId);
      if (!place || (orderId !== undefined && place.id !== orderId)) return undefined;
      const ageMs = now() - place.atMs;
      return ageMs < bounds.placeLivesMs && ageMs > -AHEAD_OF_TIME_MS ? place : undefined;
    },
    give(order, held, session) {
      const key = keyOf(order);
      const nowMs = now();
      let atMs = held?.atMs ?? lately.get(key);
      const known = lines.get(order.storeId);
      if (atMs === undefined) {
        if ((known?.arrivals.waiting ?? 0) >= bounds.waitingMax || !isWithinSession(session, nowMs)) return undefined;
        // One after the other, also within a millisecond.
        atMs = Math.max(nowMs, lastAtMs + 0.001);
        lastAtMs = atMs;
        const line = known ?? lineOf(order.storeId);
        line.heardAtMs = nowMs;
        arrive(line, atMs);
        remember(key, atMs);
      }
      const line = known ?? lineOf(order.storeId);
      const place = { ...order, atMs };
      const ahead = isAdmitted(line, place) ? 0 : line.arrivals.aheadOf(atMs);
      return { token: tokens.sign(place), ahead, etaSeconds: secondsFor(line, ahead) };
    },
    look(place) {
      const startedMs = timeMs();
      const line = lineOf(place.storeId);
      const nowMs = now();
      line.askedAtMs = nowMs;
      if (isAdmitted(line, place)) return { ahead: 0, etaSeconds: 0, admitted: true, pollAfterMs: 0 };
      if (!line.isNew) takeBack(line, place);
      const ahead = line.arrivals.aheadOf(place.atMs);
      const etaSeconds = secondsFor(line, ahead);
      const pollAfterMs = line.isNew ? bounds.tickMs * 2 : pollTimes.afterMs(etaSeconds, waitingInAll());
      pollTimes.cost(timeMs() - startedMs);
      return { ahead, etaSeconds, admitted: false, pollAfterMs };
    },
    mayEnter(storeId, place) {
      const line = lines.get(storeId);
      if (!line) return true;
      if (place && isAdmitted(line, place)) return true;
      return now() - line.askedAtMs > ASKED_WITHIN_MS || line.arrivals.waiting === 0;
    },
    came: (storeId) => lines.get(storeId)?.window.came(),
    tick,
    async close() {
      clearInterval(timer);
      await ticking;
    },
  };
}
