import type { Admission, Refusal } from '../http/fast-path/fast-path.ts';
import type { Asked } from '../http/fast-path/request-head.ts';
import type { WireMessage } from '../http/fast-path/wire-answer.ts';
import { isStream, type RequestClass, requestClassOf } from '../http/request/request-class.ts';
import { createFairRefusals } from './fair-refusals.ts';
import type { Neighbours } from './neighbours.ts';
import { busyAnswer, retryAfterS } from './refusals.ts';
import { between, CROWD_MIN, type WorkLimit } from './work-limit.ts';

/** An order as far as its request's head and the line tell; each answer must be cheap, as it is asked for before anything is parsed. */
export interface OrderInLine {
  /** It comes with a place that was let in. */
  readonly isAdmitted: boolean;
  /** It has to wait for others, so it is refused early where there is no time for it. */
  readonly mustWait: boolean;
  /** Its refusal with its place, ready to be sent; undefined: it has none. */
  refusal(retryAfterS: number): WireMessage | undefined;
}

/** A line of orders. */
export interface OrderLine {
  /** Asked once of a request, and only when there is not time for all; undefined: no line knows such an order. */
  find(asked: Asked): OrderInLine | undefined;
}

export interface AdmissionOptions {
  readonly work: WorkLimit;
  /** Of orders of a store that has a flood while guests of others order as well: these are work as well, and have this limit of their own. */
  readonly flood: WorkLimit;
  /** Told of each order of the others; unset: nobody looks at them. */
  readonly neighbours?: Pick<Neighbours, 'ended'>;
  /** How many requests were read of late, in about one turn of the event loop. */
  readonly reads: () => number;
  /**
   * How many orders wait in front of an order of this store, and how long it will until it is committed if it is let in now, in
   * milliseconds, as far as the intake knows.
   */
  readonly orderQueue: (storeId: string) => { readonly waiting: number; readonly expectedMs: number };
  /** Which store a request is of, without asking anybody; those that are not cached are one. */
  readonly storeIdOf: (asked: Asked) => string | undefined;
  /** Whether a request carries a valid key of staff; asked only when something is refused. */
  readonly isStaff: (asked: Asked) => boolean;
  /** Whether an order was acknowledged under this key before. */
  readonly isReplay: (asked: Asked) => boolean;
  /** The line that refused orders stand in; unset: there is none. */
  readonly line?: OrderLine;
  /** Somebody was refused. */
  readonly onRefused?: (requestClass: RequestClass) => void;
  readonly random?: () => number;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
}

/** An answer is useful for a second; what would be ready later than this has no time left for the way back. */
const WITHIN_MS = 800;
/**
 * Ready answers may take so much of one turn of the event loop, in milliseconds of the process itself: some six hundred, so that a hiccup is over in a
 * few turns; and less than half of it where as much is left out as can be: the rest belongs to orders, and turns are short enough for refusals. With 30 a
 * crowd of five times what a process bears had two menus for each one at the knee, and less than half of its orders (ADR 120).
 */
const READY_TURN_MS = 20;
const READY_TURN_MIN_MS = 8;
/** A ready answer that is given within this age comes within the second for which it is useful. */
const READY_WITHIN_MS = 600;
/**
 * What there was no time for until then waits until nobody is late for it any more. Late answers for all would be useful to nobody; and
 * the phone that waits asks for nothing else, which is what lets a process read less than is offered. Spread by less, and they come back
 * together, in waves that fill whole turns; longer than 4.3 s in all, and phones give up.
 */
const LATE_MS = 2_200;
const LATE_SPREAD_MS = 1_500;
/** After a refusal, whatever the client was told: sent at once again it may wait, and is not read. */
const REST_AFTER_REFUSAL_MS = 500;
/** Only from here on, where all status is refused. */
const REST_FROM = 0.3;
/**
 * Refusals of one turn, in milliseconds: some two hundred, twice what comes at twice the load that a process bears. Past it those
 * who were refused a moment ago wait, since a crowd that sends again at once would take the time of those who can be served. With less,
 * somebody else's next wish over such a connection was refused after half a second, instead of with the turn that it came in.
 */
const REFUSAL_TURN_MS = 20;

/** Orders are never refused completely, or nobody would learn that there is room again. A flood's are: its limit is below what its store has under way. */
const ORDERS_REFUSED_MAX = 0.95;

/**
 * What share of a class is refused at a level: what matters least first and completely, new orders last and never all of them. Orders
 * begin where status ends: with a gap between them the level would have to cross it, in seconds, to find out what orders cost. Menus
 * that lie ready are not refused, since a refusal costs as much; they rest.
 */
const SHARES: Readonly<Record<RequestClass, (level: number) => number>> = {
  probe: () => 0,
  staff: () => 0,
  'admitted-order': () => 0,
  replay: () => 0,
  order: (level) => between(level, 0.3, 1) * ORDERS_REFUSED_MAX,
  // A page of which one part is missing is no page, and its parts are few.
  menu: () => 0,
  status: (level) => between(level, 0, 0.3),
  public: (level) => between(level, 0, 0.2),
  'public-stream': (level) => between(level, 0, 0.1),
  // A page without a photo is whole, and one photo is as many bytes as twenty menus.
  photo: (level) => between(level, 0, 0.1),
};

/** What is under way of these is the work that is limited. */
const COUNTED: ReadonlySet<RequestClass> = new Set(['order', 'status', 'public']);

/**
 * Decides by what matters and by what there is time for, before any work is done. A request is refused when its class is being left out,
 * and an order also when its answer would come too late, which costs the same whether the loop, the intake or the database is slow.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { work, flood, random = Math.random } = options;
  const orders = createFairRefusals();

  /** Few orders behind a slow database are better late than refused. */
  function orderWaitMs(storeId: string): number {
    const { waiting, expectedMs } = options.orderQueue(storeId);
    return waiting < CROWD_MIN ? 0 : expectedMs;
  }

  const refusedFor = (requestClass: RequestClass, answer: WireMessage): Refusal => {
    options.onRefused?.(requestClass);
    return { answer, restMs: work.pressure() > REST_FROM ? REST_AFTER_REFUSAL_MS : 0 };
  };

  /** A crowd at one store is refused for its own orders' sake, and the store next door is not. */
  function refusalOfOrder(asked: Asked, ageMs: number): Refusal | undefined {
    const storeId = options.storeIdOf(asked) ?? '';
    orders.came(storeId, options.now());
    const isFlood = orders.flood === storeId;
    const pressure = isFlood ? Math.max(work.pressure(), flood.pressure()) : work.pressure();
    const isLate = ageMs + orderWaitMs(storeId) > WITHIN_MS;
    if (!isLate && pressure === 0) return undefined;
    const order = options.line?.find(asked);
    if (!isLate && !order?.mustWait) {
      // What a flood asks for is nearly all that is asked for.
      const share = isFlood ? pressure : orders.shareOf(storeId, SHARES.order(pressure));
      if (share === 0 || random() >= share) return undefined;
    }
    if (options.isStaff(asked) || options.isReplay(asked) || order?.isAdmitted) return undefined;
    return refusedFor('order', order?.refusal(retryAfterS(pressure, random)) ?? busyAnswer(pressure, random, false));
  }

  return {
    refusalOf(asked, unreadMs): Refusal | undefined {
      // One long turn makes what came in it old; only when a crowd came is that a queue.
      const ageMs = options.reads() < CROWD_MIN ? 0 : unreadMs;
      const guess = requestClassOf({ method: asked.method, url: asked.url, isStaff: false });
      if (guess === 'order') return refusalOfOrder(asked, ageMs);
      const pressure = ageMs > WITHIN_MS ? 1 : work.pressure();
      const share = pressure === 0 ? 0 : SHARES[guess](pressure);
      if (share === 0 || random() >= share || options.isStaff(asked)) return undefined;
      const isForPerson = asked.method === 'GET' && (asked.header('accept')?.includes('text/html') ?? false);
      return refusedFor(guess, busyAnswer(pressure, random, isForPerson));
    },
    begin(asked) {
      const guess = requestClassOf({ method: asked.method, url: asked.url, isStaff: false });
      // A stream is under way for as long as somebody reads it, and staff may ask for what takes its time.
      if (!COUNTED.has(guess) || isStream(asked.url) || options.isStaff(asked)) return undefined;
      const isOrder = guess === 'order';
      const isBesideFlood = orders.flood !== undefined;
      const isFlood = isOrder && isBesideFlood && orders.flood === (options.storeIdOf(asked) ?? '');
      // Where orders are refused without a flood they take longer than they do on a quiet day.
      const isTold = isOrder && !isFlood && (isBesideFlood || work.pressure() === 0);
      const limits = isFlood ? [work, flood] : [work];
      for (const each of limits) each.began();
      return (tookMs) => {
        for (const each of limits) each.ended(isOrder, tookMs);
        if (isTold) options.neighbours?.ended(tookMs, isBesideFlood);
      };
    },
    ready: {
      turnMs: () => READY_TURN_MS - work.pressure() * (READY_TURN_MS - READY_TURN_MIN_MS),
      waitMaxMs: READY_WITHIN_MS,
      restMs: () => LATE_MS + random() * LATE_SPREAD_MS,
    },
    refusalTurnMs: REFUSAL_TURN_MS,
  };
}
