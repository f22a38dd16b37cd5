import type { ProblemType } from '../../contract/index.ts';
import { createFairShares, type FairSharesBounds } from '../../platform/concurrency/fair-shares.ts';
import { inSlices, type SlicesBounds } from '../../platform/concurrency/in-slices.ts';
import { spreadRetryAfterS } from '../../platform/http/answer/retry-after.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Candidate } from '../candidate.ts';
import type { Decision } from '../decide.ts';
import type { Place } from '../line/place-token.ts';
import type { TakeOrders } from '../take-orders.ts';
import { createIntakeMeter, type IntakeLoad } from './intake-load.ts';
import { type Decided, settleGroup, type Waiter } from './settle-group.ts';
import { createStoreCrowds } from './store-crowds.ts';
import { createStoreLocks } from './store-locks.ts';
import { createWaitingRoom } from './waiting-room.ts';

/** How an order came in. */
export interface Arrival {
  /** Who sent it, so that nobody takes the others' places; unset: clients are not told apart (`LIMITS=off`). */
  readonly client?: string | undefined;
  /** When its request arrived, by `performance.now()`; unset: now. */
  readonly arrivedMs?: number;
  /** After this moment nobody wants the answer; unset, and at most: `waitMaxMs` after it arrived. */
  readonly deadlineMs?: number;
  /** Its place in the virtual line. */
  readonly place?: Place | undefined;
}

/** The `busy` of an order that was not let in: its store, its client or the whole intake had no place left. */
export class NoPlace extends Problem {}

/** Takes one order and answers when it is on disk, or says why not. */
export interface Intake {
  /**
   * @throws NoPlace at once; Problem `busy` as soon as it grew too old while it waited;
   *   `unavailable` when the database stayed away, or says nothing, and then the order may exist: the same key tells
   */
  take(order: Candidate, arrival?: Arrival): Promise<Decision>;
  load(): IntakeLoad;
  /** What is in front of an order of this store that comes now. A crowd at another store is not: it has groups of its own. */
  loadOf(storeId: string): Pick<IntakeLoad, 'waiting' | 'expectedMs'>;
  /** Resolves when everything that was let in has been answered. */
  drain(): Promise<void>;
}

export interface IntakeBounds {
  /** Orders inside, those under way included, and how much of what is free one store, client or table may have. */
  readonly places: FairSharesBounds<'store' | 'client' | 'table'>;
  /** Orders of one store's transaction. */
  readonly groupMax: number;
  /** Transactions of one store each, at once. */
  readonly groupsMax: number;
  /** Of them, transactions of the same store at once. */
  readonly groupsOfStoreMax: number;
  /** Orders of a transaction that several stores share, of which one is under way at a time; 0: none is. */
  readonly sharedMax: number;
  /** A store of which so many wait has a transaction of its own. */
  readonly ownFrom: number;
  /** So has one that lately brought so many orders a second, and as much as its part of `groupsMax` of all orders. */
  readonly crowdPerSecond: number;
  /**
   * For how long the next group of a crowd's store gathers after one: `gatherTimes` as long as that took, and at most for this, milliseconds. A
   * group costs nearly the same for three orders as for thirty. None does that is whole.
   */
  readonly gatherMaxMs: number;
  readonly gatherTimes: number;
  /**
   * It ends as soon as none has come for so many times as long as lies between two of the store's orders lately, and for so long at least, milliseconds:
   * where all who could come are inside, nobody waits for others.
   */
  readonly gatherQuietTimes: number;
  readonly gatherQuietMinMs: number;
  /** How long an order may wait for its group, from when it arrived. */
  readonly waitMaxMs: number;
  /** How long an order is tried again while the database is away, from when it arrived. */
  readonly patienceMs: number;
  /** How often those who wait are looked through for who grew too old, and a held store is tried again. */
  readonly tickMs: number;
  /** Orders of one group that are answered in one turn of the event loop. */
  readonly answers: SlicesBounds;
}

export interface IntakeObserver {
  group(size: number, waitedMs: number, tookMs: number): void;
  refused(reason: ProblemType): void;
}

/** What a test moves by hand. */
export interface IntakeTime {
  /** Milliseconds, by `performance.now()`. */
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Unset: the event loop's, after what lay unread until then. */
  readonly later?: (work: () => void, ms: number) => void;
}

/** Until when a store waits for more orders at most, and when the last one came; at first, when it began to wait. */
interface Gathering {
  readonly untilMs: number;
  cameMs: number;
}

/** After a long turn of the event loop a timer is due while orders that came meanwhile still lie unread. */
const afterReading = (work: () => void, ms: number): void => void setTimeout(setImmediate, ms, work);

const SPREAD_S = 2;
/** Soon enough for a crash of the database that is over by then. */
const AWAY_S = 2;
/** Stores that are told apart when an order asks what is in front of it; where orders of more wait, all of them are. */
const STORES_COUNTED_MAX = 64;

/**
 * While one group commits, the next gathers, so that an idle shop's order waits for nothing, and a crowd
 * makes the groups larger, not the queue longer; a crowd's own gathers a little longer than that. Stores with few orders share a group, one with many has groups of its own
 * beside it, so that nobody next door waits for them; a store's groups are never under way twice. `groupMax: 1` is the textbook, one transaction an order.
 *
 * A group of several stores never waits for a store's row: whose row is held comes again. Only a group of one store waits,
 * and while it does it holds nothing else, so no two groups of any processes can wait for each other.
 */
export function createIntake(
  takeOrders: TakeOrders,
  bounds: IntakeBounds,
  observer?: IntakeObserver,
  { nowMs, random, later = afterReading }: IntakeTime = { nowMs: () => performance.now(), random: Math.random },
): Intake {
  const places = createFairShares(bounds.places);
  const room = createWaitingRoom<Waiter>(tooOld);
  const locks = createStoreLocks({ nowMs, retryMs: bounds.tickMs });
  const crowds = createStoreCrowds({ perSecond: bounds.crowdPerSecond, share: 1 / bounds.groupsMax, nowMs });
  const meter = createIntakeMeter(nowMs);
  const groupsOfStore = new Map<string, number>();
  /** Stores whose next group waits for more to come. */
  const gathering = new Map<string, Gathering>();
  let ownGroups = 0;
  let sharedGroups = 0;
  /** Committed groups whose guests are not all answered yet. */
  let answering = 0;
  /** Of the groups of one store one at a time may wait for a row that was waited for in vain before. */
  let isHeldWaitedFor = false;
  let isTicking = false;
  let idle: (() => void) | undefined;

  /** Who was refused together does not come back together. */
  function retryAfterS(): number {
    const soonestS = 1 + Math.floor(load().expectedMs / 1000);
    return spreadRetryAfterS(soonestS, soonestS + SPREAD_S, random);
  }
  const busy = (): Problem => new Problem('busy', { retryAfterS: retryAfterS() });
  const comeAgainS = (): number => spreadRetryAfterS(AWAY_S, AWAY_S + SPREAD_S, random);

  function tooOld(waiter: Waiter): void {
    waiter.reject(waiter.inDoubt ? new Problem('unavailable', { retryAfterS: comeAgainS() }) : busy());
  }

  const load = (): IntakeLoad => {
    let held = 0;
    for (const storeId of locks.held()) held += room.sizeOf(storeId);
    // A crowd at a few stores has groups of their own, one at many shares them.
    const isShared = bounds.sharedMax > 0 && room.storeCount > bounds.groupsMax;
    return meter.read(room.size, held, isShared ? bounds.sharedMax : bounds.groupMax);
  };

  function loadOf(storeId: string): IntakeLoad {
    const own = locks.isHeld(storeId) ? 0 : room.sizeOf(storeId);
    if (bounds.sharedMax === 0 || own + 1 >= bounds.ownFrom || crowds.has(storeId)) {
      // With more crowds than groups at once, they take turns.
      const taking = Math.min(room.storeCount, Math.ceil(room.size / bounds.ownFrom));
      return meter.read(own * Math.max(1, taking / bounds.groupsMax), 0, bounds.groupMax);
    }
    if (room.storeCount > STORES_COUNTED_MAX) return load();
    let small = 0;
    for (const each of room.stores()) {
      const size = room.sizeOf(each);
      if (size < bounds.ownFrom && !crowds.has(each) && !locks.isHeld(each)) small += size;
    }
    return meter.read(small, 0, bounds.sharedMax);
  }

  /** @param candidates the stores that may have become ready for a group of their own */
  function next(candidates: Iterable<string> = [...room.stores()]): void {
    for (const storeId of candidates) {
      if (ownGroups >= bounds.groupsMax) break;
      if (!isFree(storeId) || !wantsOwnGroup(storeId)) continue;
      if (!locks.isHeld(storeId)) begin(room.take(storeId, bounds.groupMax, nowMs()), 'own', true);
      else if (!isHeldWaitedFor) begin(room.take(storeId, bounds.groupMax, nowMs()), 'held', true);
      else begin(room.take(storeId, 1, nowMs()), 'own', false);
    }
    if (bounds.sharedMax > 0 && sharedGroups === 0) begin(takeShared(), 'shared', false);
    endWhenIdle();
    if (!isTicking && room.size > 0) {
      isTicking = true;
      setTimeout(tick, bounds.tickMs).unref();
    }
  }

  const isIdle = (): boolean => room.size === 0 && ownGroups + sharedGroups === 0 && answering === 0;
  const endWhenIdle = (): void => {
    if (isIdle()) idle?.();
  };

  const isFree = (storeId: string): boolean =>
    (groupsOfStore.get(storeId) ?? 0) < bounds.groupsOfStoreMax &&
    locks.mayTry(storeId) &&
    (!gathering.has(storeId) || room.sizeOf(storeId) >= bounds.groupMax);

  /** After a group that took so long. */
  function gather(storeId: string, tookMs: number): void {
    const ms = Math.min(bounds.gatherMaxMs, bounds.gatherTimes * tookMs);
    if (ms <= 0 || gathering.has(storeId) || !crowds.has(storeId)) return;
    const fromMs = nowMs();
    const begun: Gathering = { untilMs: fromMs + ms, cameMs: fromMs };
    gathering.set(storeId, begun);
    waitForMore(storeId, begun);
  }

  function waitForMore(storeId: string, begun: Gathering): void {
    // A whole group did not wait for the end.
    if (gathering.get(storeId) !== begun) return;
    const quietMs = Math.max(bounds.gatherQuietMinMs, (bounds.gatherQuietTimes * 1_000) / crowds.perSecond(storeId));
    const leftMs = Math.min(begun.untilMs, begun.cameMs + quietMs) - nowMs();
    if (leftMs > 0) {
      later(() => waitForMore(storeId, begun), leftMs);
      return;
    }
    gathering.delete(storeId);
    next([storeId]);
  }

  const wantsOwnGroup = (storeId: string): boolean => {
    if (bounds.sharedMax === 0) return true;
    if (locks.isHeld(storeId)) return !isHeldWaitedFor;
    return locks.isContended(storeId) || room.sizeOf(storeId) >= bounds.ownFrom || crowds.has(storeId);
  };

  function takeShared(): Waiter[] {
    const group: Waiter[] = [];
    for (const storeId of [...room.stores()]) {
      if (group.length >= bounds.sharedMax) break;
      if (!isFree(storeId) || wantsOwnGroup(storeId)) continue;
      // Of a store whose row is held one order goes along and sees whether it is free again.
      const max = locks.isHeld(storeId) ? 1 : bounds.sharedMax - group.length;
      for (const waiter of room.take(storeId, max, nowMs())) group.push(waiter);
    }
    return group;
  }

  function begin(group: readonly Waiter[], kind: 'shared' | 'own' | 'held', wait: boolean): void {
    if (group.length === 0) return;
    if (kind === 'shared') sharedGroups += 1;
    else ownGroups += 1;
    if (kind === 'held') isHeldWaitedFor = true;
    const storeIds = new Set(group.map((waiter) => waiter.storeId));
    for (const storeId of storeIds) {
      groupsOfStore.set(storeId, (groupsOfStore.get(storeId) ?? 0) + 1);
      gathering.delete(storeId);
    }
    const startedMs = nowMs();
    void run(group, wait, kind === 'held').finally(() => {
      for (const storeId of kind === 'own' ? storeIds : []) gather(storeId, nowMs() - startedMs);
      if (kind === 'shared') sharedGroups -= 1;
      else ownGroups -= 1;
      if (kind === 'held') isHeldWaitedFor = false;
      for (const storeId of storeIds) {
        const left = groupsOfStore.get(storeId)! - 1;
        if (left > 0) groupsOfStore.set(storeId, left);
        else groupsOfStore.delete(storeId);
      }
      next();
    });
  }

  /** @param isHeld its time says nothing about what the intake can take */
  async function run(group: readonly Waiter[], wait: boolean, isHeld: boolean): Promise<void> {
    const startedMs = nowMs();
    const waitedMs = startedMs - Math.min(...group.map((waiter) => waiter.arrivedMs));
    if (!isHeld) meter.began(group.length, waitedMs);
    const held = await settleGroup(
      group,
      (orders) => takeOrders(orders, { wait }),
      { nowMs, patienceMs: bounds.patienceMs, comeAgainS },
      answer,
    );
    const decided = group.length - held.length;
    const tookMs = nowMs() - startedMs;
    if (!isHeld) meter.ended(group.length, decided, decided > 0 ? tookMs : undefined);
    if (decided > 0) observer?.group(decided, waitedMs, tookMs);
    for (const storeId of new Set(group.map((waiter) => waiter.storeId))) {
      const ofStore = held.filter((waiter) => waiter.storeId === storeId);
      locks.found(storeId, ofStore.length === 0 ? 'free' : wait ? 'held in vain' : 'held');
      if (ofStore.length > 0) room.putBack(storeId, ofStore);
    }
  }

  /** The next group does not wait for it. */
  function answer(decided: readonly Decided[]): void {
    answering += 1;
    void inSlices(decided, ({ waiter, decision }) => waiter.resolve(decision), bounds.answers).then(() => {
      answering -= 1;
      endWhenIdle();
    });
  }

  /** Runs only while somebody waits. */
  function tick(): void {
    isTicking = false;
    const now = nowMs();
    for (const waiter of room.drop(({ deadlineMs }) => deadlineMs <= now)) tooOld(waiter);
    next();
  }

  return {
    take(order, { client, arrivedMs = nowMs(), deadlineMs = Number.POSITIVE_INFINITY } = {}) {
      const { storeId } = order;
      const waitsUntilMs = Math.min(deadlineMs, arrivedMs + bounds.waitMaxMs);
      const from = client === undefined ? [] : [client, order.table ?? ''];
      const holders = {
        store: storeId,
        ...(client !== undefined && { client: `${storeId} ${client}`, table: `${storeId} ${from.join(' ')}` }),
      };
      const isTooOld = waitsUntilMs <= nowMs();
      if (isTooOld || !places.take(holders)) {
        observer?.refused('busy');
        return Promise.reject(isTooOld ? busy() : new NoPlace('busy', { retryAfterS: retryAfterS() }));
      }
      crowds.came(storeId);
      const gatheringOfStore = gathering.get(storeId);
      if (gatheringOfStore) gatheringOfStore.cameMs = nowMs();
      return new Promise((resolve, reject) => {
        let isAnswered = false;
        /** @returns false the second time: nobody is answered twice */
        const leave = (refusedFor: ProblemType | undefined): boolean => {
          if (isAnswered) return false;
          isAnswered = true;
          places.giveBack(holders);
          if (refusedFor) observer?.refused(refusedFor);
          return true;
        };
        room.enter({
          order,
          storeId,
          from,
          arrivedMs,
          deadlineMs: waitsUntilMs,
          inDoubt: false,
          resolve(decision) {
            if (leave(decision.kind === 'refused' ? decision.problem.type : undefined)) resolve(decision);
          },
          reject(error) {
            if (leave(error instanceof Problem ? error.type : undefined)) reject(error);
          },
        });
        next([storeId]);
      });
    },
    load,
    loadOf,
    drain: () =>
      isIdle()
        ? Promise.resolve()
        : new Promise((resolve) => {
            idle = resolve;
          }),
  };
}
