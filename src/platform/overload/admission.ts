import type { Admission, Refusal } from '../http/fast-path/fast-path.ts';
import type { Asked } from '../http/fast-path/request-head.ts';
import { type RequestClass, requestClassOf } from '../http/request-class.ts';
import type { LoadLevel } from './load-level.ts';
import { busyAnswer } from './refusals.ts';
import { createTimeBudget } from './time-budget.ts';

export interface AdmissionOptions {
  readonly load: LoadLevel;
  /** How long an order that is let in now will wait until it is committed, in milliseconds, as far as the intake knows. */
  readonly orderWaitMs: () => number;
  /** Whether a request carries a valid key of staff; asked only when something is refused. */
  readonly isStaff: (asked: Asked) => boolean;
  /** Whether an order was acknowledged under this key before. */
  readonly isReplay: (asked: Asked) => boolean;
  /** Somebody was refused. */
  readonly onRefused?: (requestClass: RequestClass) => void;
  readonly random?: () => number;
}

/** What lay unread for less waited for a burst; what lay for more came in a flood, whatever the level says yet. */
const AGE_FROM_MS = 250;
const AGE_TO_MS = 900;
/** An answer is useful for a second; an order that would be committed later than this has no time left for the way back. */
const ORDER_WITHIN_MS = 800;
/**
 * Menus that lie ready, and refusals, may take so much of a full process's time: the rest belongs to the orders that are under way.
 * Each menu is cheap, but a crowd asks for twenty while one orders.
 */
const READY_SHARE_MAX = 0.4;
const READY_SHARE_MIN = 0.08;
/**
 * What there is no time for waits until nobody is late for it any more, so that the others are answered in time: late answers for all
 * would be useful to nobody (adaptive LIFO, Maurer, "Fail at Scale", 2015, says the same of the newest requests). Its phone asks
 * for nothing else meanwhile, which is what lets a process read less than is offered.
 */
const HOLD_MS = 2_500;
const HOLD_SPREAD_MS = 1_500;
/** After a refusal, whatever the client was told: sent at once again it waits, and is not read. */
const REST_AFTER_REFUSAL_MS = 500;

/**
 * What share of a class is refused at a level: what matters least first and completely, new orders last and never all of them. Menus
 * that lie ready are not refused, since a refusal costs as much; they rest.
 */
const SHARES: Readonly<Record<RequestClass, (level: number) => number>> = {
  probe: () => 0,
  staff: () => 0,
  'admitted-order': () => 0,
  replay: () => 0,
  order: (level) => between(level, 0.6, 1) * 0.95,
  // A page of which one part is missing is no page, and its parts are few.
  menu: () => 0,
  status: (level) => between(level, 0, 0.4),
  public: (level) => between(level, 0, 0.3),
  'public-stream': (level) => between(level, 0, 0.2),
};

/** 0 up to `from`, 1 from `to` on, and straight between them. */
const between = (level: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (level - from) / (to - from)));

/**
 * Decides by what matters and by what there is time for, before any work is done. A request is refused when its class is being left out,
 * and an order also when its answer would come too late, which costs the same whether the loop, the intake or the database is slow.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { load, random = Math.random } = options;
  const readyTime = createTimeBudget();

  /** The level follows within a second; in a turn that is too long already nobody waits for it. */
  const pressureAt = (ageMs: number): number => Math.max(load.level, between(ageMs, AGE_FROM_MS, AGE_TO_MS));

  function isRefused(requestClass: RequestClass, ageMs: number, pressure: number): boolean {
    if (requestClass === 'order' && ageMs + options.orderWaitMs() > ORDER_WITHIN_MS) return true;
    if (pressure === 0) return false;
    const share = SHARES[requestClass](pressure);
    return share > 0 && random() < share;
  }

  return {
    refusalOf(asked, ageMs): Refusal | undefined {
      const guess = requestClassOf({ method: asked.method, url: asked.url, isStaff: false });
      const pressure = pressureAt(ageMs);
      if (!isRefused(guess, ageMs, pressure)) return undefined;
      if (options.isStaff(asked) || (guess === 'order' && options.isReplay(asked))) return undefined;
      options.onRefused?.(guess);
      const isForPerson = asked.method === 'GET' && (asked.header('accept')?.includes('text/html') ?? false);
      return {
        answer: busyAnswer(pressure, random, isForPerson),
        restMs: load.level > 0.4 ? REST_AFTER_REFUSAL_MS : 0,
      };
    },
    holdMs(nowMs) {
      const share = READY_SHARE_MAX - between(load.level, 0, 0.6) * (READY_SHARE_MAX - READY_SHARE_MIN);
      const isShort = readyTime.isSpent(nowMs, share);
      return isShort && load.level > 0 ? HOLD_MS + random() * HOLD_SPREAD_MS : 0;
    },
    spent: readyTime.spend,
  };
}
