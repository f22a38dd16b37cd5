import type { LinePlace, LineView } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { KitchenRoom, OrderRef } from '../ports.ts';
import { createGivenPlaces, type GivenPlacesBounds, type Sender } from './given-places.ts';
import type { LineExchange, SharedLine } from './line-exchange.ts';
import type { Place, PlaceTokens } from './place-token.ts';
import { createPollTimes } from './poll-times.ts';
import { StoreLine } from './store-line.ts';

/** What a line may let in, as far as this process can tell. */
export interface LineCapacity {
  /** Of this process' intake for an order of this store that came now: 0 is idle, from 1 on it would wait too long. */
  load(storeId: string): number;
  /** Orders a second that the intake takes; 0 while nobody knows. */
  perSecond(): number;
  /** What the kitchen has room for; null: it is no bound. At once where that is cached. Rejects when nobody can tell. */
  kitchen(storeId: string): KitchenRoom | null | Promise<KitchenRoom | null>;
}

export interface LineBounds extends GivenPlacesBounds {
  /** Places of one store that wait; past it a refusal has none. */
  readonly waitingMax: number;
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
   * @param sender unset: nobody is told apart
   * @returns undefined where no more places are given: to this sender, or at all
   */
  give(order: OrderRef, held?: Place, sender?: Sender): LinePlace | undefined;
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

const NOBODY: SharedLine = { counts: new Map(), tellers: new Map() };
/** Clocks of processes differ by so much at most. */
const AHEAD_OF_TIME_MS = 5_000;

/**
 * Whoever is refused gets a place: the moment in which they came, signed for their order and store. The line lets in everybody who
 * came before a mark, and each process moves the mark by what it can take itself, so they need not agree on anything but to add.
 * A line that nobody asks about holds up nobody: a crowd that only tries again is served as if there were none.
 */
export function createVirtualLine(options: VirtualLineOptions): VirtualLine {
  const { tokens, exchange, capacity, bounds, now, random = Math.random } = options;
  const lines = new Map<string, StoreLine>();
  const given = createGivenPlaces(bounds);
  const pollTimes = createPollTimes({ share: bounds.pollShare, random });
  const timeMs = options.timeMs ?? (() => performance.now());
  let lastAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> | undefined;

  function lineOf(storeId: string): StoreLine {
    let line = lines.get(storeId);
    if (!line) {
      line = new StoreLine(storeId, capacity.perSecond(), now());
      const kitchen = capacity.kitchen(storeId);
      if (kitchen instanceof Promise) kitchen.catch(() => {});
      else line.kitchen = kitchen;
      lines.set(storeId, line);
    }
    timer ??= setInterval(() => void tick(), bounds.tickMs).unref();
    return line;
  }

  function waitingInAll(): number {
    let sum = 0;
    for (const { waiting } of lines.values()) sum += waiting;
    return sum;
  }

  async function share(): Promise<void> {
    const told = [...lines.values()].map((line) => ({ line, news: line.takeNews(now()) }));
    if (told.length === 0) return;
    try {
      const all = await exchange.share(told.map(({ news }) => news));
      for (const { line, news } of told) line.hear(all.get(news.storeId) ?? NOBODY, now());
    } catch {
      for (const { line } of told) line.notHeard();
    }
  }

  async function turn(): Promise<void> {
    for (const [storeId, line] of lines) {
      try {
        line.kitchen = await capacity.kitchen(storeId);
      } catch {
        // As it was last heard of.
      }
      const nowMs = now();
      line.letIn(capacity.load(storeId), nowMs - bounds.placeLivesMs, nowMs);
      if (line.isOver(nowMs)) lines.delete(storeId);
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

  return {
    read(token, storeId, orderId) {
      const place = token === undefined ? undefined : tokens.read(token, storeId);
      if (!place || (orderId !== undefined && place.id !== orderId)) return undefined;
      const ageMs = now() - place.atMs;
      return ageMs < bounds.placeLivesMs && ageMs > -AHEAD_OF_TIME_MS ? place : undefined;
    },
    give(order, held, sender) {
      const nowMs = now();
      let atMs = held?.atMs ?? given.find(order);
      if (atMs === undefined) {
        const waiting = lines.get(order.storeId)?.waiting ?? 0;
        if (waiting >= bounds.waitingMax || !given.allow(order.storeId, sender, nowMs)) return undefined;
        // One after the other, also within a millisecond.
        atMs = Math.max(nowMs, lastAtMs + 0.001);
        lastAtMs = atMs;
        lineOf(order.storeId).join(atMs, nowMs);
        given.remember(order, atMs, sender);
      }
      const line = lineOf(order.storeId);
      const place = { ...order, atMs };
      const ahead = line.aheadOf(place);
      return { token: tokens.sign(place), ahead, etaSeconds: line.secondsFor(ahead, capacity.perSecond(), nowMs) };
    },
    look(place) {
      const startedMs = timeMs();
      const nowMs = now();
      const line = lineOf(place.storeId);
      line.ask(place, nowMs);
      if (line.isAdmitted(place)) return { ahead: 0, etaSeconds: 0, admitted: true, pollAfterMs: 0 };
      const ahead = line.aheadOf(place);
      const etaSeconds = line.secondsFor(ahead, capacity.perSecond(), nowMs);
      const pollAfterMs = line.isNew ? bounds.tickMs * 2 : pollTimes.afterMs(etaSeconds, waitingInAll());
      pollTimes.cost(timeMs() - startedMs);
      return { ahead, etaSeconds, admitted: false, pollAfterMs };
    },
    mayEnter(storeId, place) {
      const line = lines.get(storeId);
      return !line || (place !== undefined && line.isAdmitted(place)) || line.isFreeFor(now());
    },
    came: (storeId) => lines.get(storeId)?.came(now()),
    tick,
    async close() {
      clearInterval(timer);
      await ticking;
    },
  };
}
