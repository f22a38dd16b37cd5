/** What one operation did to a day's portions and numbers, as its caller was told. */
export type Effect =
  /** An order of `quantity` portions, which got this day's next number. */
  | { readonly kind: 'taken'; readonly quantity: number; readonly day: string; readonly number: number }
  /** It was told that only so many remain. */
  | { readonly kind: 'refused'; readonly quantity: number; readonly remaining: number }
  /** Portions of an order of that day came back. */
  | { readonly kind: 'returned'; readonly quantity: number; readonly day: string };

/** One call and its answer, at moments of one clock that everybody shares. */
export interface Operation {
  readonly what: string;
  readonly sentAt: number;
  /** Infinity: the answer was never heard, and what it did is known otherwise. */
  readonly heardAt: number;
  readonly effect: Effect;
}

export interface Counter {
  readonly day: string;
  readonly number: number;
  /** Portions; Infinity: without a limit. */
  readonly remaining: number;
}

/** What a counter must say and become, one operation after another; undefined: such an answer is impossible now. */
function next(state: Counter, effect: Effect, limit: number | undefined): Counter | undefined {
  if (effect.kind === 'refused')
    return effect.remaining === state.remaining && effect.remaining < effect.quantity ? state : undefined;
  // Nothing comes back of a day that has not begun; so what a set of operations comes to does not depend on their order.
  if (effect.kind === 'returned' && effect.day > state.day) return undefined;
  if (effect.kind === 'returned')
    return limit === undefined || effect.day === state.day
      ? { ...state, remaining: state.remaining + effect.quantity }
      : state;
  if (effect.day < state.day) return undefined;
  const { day, number, remaining } =
    effect.day > state.day ? { day: effect.day, number: 0, remaining: limit ?? state.remaining } : state;
  if (effect.number !== number + 1 || effect.quantity > remaining) return undefined;
  return { day, number: effect.number, remaining: remaining - effect.quantity };
}

/**
 * Whether there is an order of these operations, one after another, that explains every answer and in which none comes before one whose
 * answer had been heard when it was sent: M. P. Herlihy and J. M. Wing, "Linearizability: A Correctness Condition for Concurrent Objects",
 * ACM TOPLAS 12 (3), 1990. The search is J. M. Wing and C. Gong's, "Testing and Verifying Concurrent Objects", JPDC 17, 1993, which
 * remembers what it has seen: what a set of operations comes to is the same in whatever order they were done. It takes the time of all subsets of
 * those that are under way at once in the worst case; the numbers leave few of them.
 * @param limit portions that each day begins with; undefined: those that are left go on
 * @returns undefined, or the operations that no order could go on with from the furthest that was reached
 */
export function findContradiction(
  operations: readonly Operation[],
  first: Counter,
  limit: number | undefined,
): { readonly after: readonly Operation[]; readonly state: Counter; readonly stuck: readonly Operation[] } | undefined {
  const all = operations.toSorted((a, b) => a.sentAt - b.sentAt);
  interface Branch {
    readonly state: Counter;
    readonly done: bigint;
    readonly path: readonly number[];
  }
  const seen = new Set<bigint>([0n]);
  const open: Branch[] = [{ state: first, done: 0n, path: [] }];
  let furthest = open[0]!;
  for (let branch = open.pop(); branch; branch = open.pop()) {
    if (branch.path.length > furthest.path.length) furthest = branch;
    if (branch.path.length === all.length) return undefined;
    const { state, done, path } = branch;
    const candidates = possibleNext(all, done).flatMap((at) => {
      const then = next(state, all[at]!.effect, limit);
      return then ? [{ at, then }] : [];
    });
    // A refusal changes nothing, so it is never too early for one that fits.
    const refusal = candidates.find(({ at }) => all[at]!.effect.kind === 'refused');
    for (const { at, then } of refusal ? [refusal] : candidates) {
      const after = done | (1n << BigInt(at));
      if (seen.has(after)) continue;
      seen.add(after);
      open.push({ state: then, done: after, path: [...path, at] });
    }
  }
  const stuck = possibleNext(all, furthest.done).map((at) => all[at]!);
  return { after: furthest.path.map((at) => all[at]!), state: furthest.state, stuck };
}

/** Those that are not done and were sent before the first of their answers was heard. */
function possibleNext(all: readonly Operation[], done: bigint): number[] {
  const left: number[] = [];
  let heardAt = Number.POSITIVE_INFINITY;
  for (let at = 0; at < all.length; at += 1) {
    if ((done >> BigInt(at)) & 1n) continue;
    if (all[at]!.sentAt > heardAt) break;
    left.push(at);
    heardAt = Math.min(heardAt, all[at]!.heardAt);
  }
  return left;
}
