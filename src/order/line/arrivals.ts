/** How many came in one slot of time, and how many of them were let in. */
export interface SlotCount {
  readonly arrived: number;
  readonly admitted: number;
}

/** By the slot's number: its time divided by {@link SLOT_MS}. */
export type SlotCounts = ReadonlyMap<number, SlotCount>;

/** What processes tell each other is counted by the second; in it each orders its own by the microsecond. */
export const SLOT_MS = 1_000;
export const slotOf = (atMs: number): number => Math.floor(atMs / SLOT_MS);

interface Slot {
  arrived: number;
  admitted: number;
  /** When those came whom this process has seen, in their order: a sample of all. */
  readonly seenMs: number[];
}

/**
 * Who came when, and how far the line has come: everybody who came before `markMs` is let in. A place is a moment and not a number, so
 * nobody has to hand numbers out: processes add up what each of them has counted, late and in any order.
 */
export class Arrivals {
  readonly #slots = new Map<number, Slot>();
  /** Never goes back: who was let in stays let in. */
  #markMs = 0;
  #admitted = 0;
  /** Nothing was heard of the other processes yet: whom they let in before is not counted. */
  #isFirst = true;

  get markMs(): number {
    return this.#markMs;
  }

  get waiting(): number {
    let waiting = 0;
    for (const [number, { arrived, admitted }] of this.#slots) {
      if (number >= slotOf(this.#markMs)) waiting += Math.max(0, arrived - admitted);
    }
    return waiting;
  }

  /** How many were let in since the beginning, by all processes, as far as this one has heard. */
  get admitted(): number {
    return this.#admitted;
  }

  arrive(atMs: number): void {
    const slot = this.#slot(slotOf(atMs));
    slot.arrived += 1;
    // The last one, but for places that come back after everything was forgotten, of which some were seen here before.
    const at = atMs > (slot.seenMs.at(-1) ?? 0) ? slot.seenMs.length : placeIn(slot.seenMs, atMs);
    if (slot.seenMs[at] !== atMs) slot.seenMs.splice(at, 0, atMs);
  }

  /** Whether anybody is known to have come in this moment's second. */
  knowsSlotOf(atMs: number): boolean {
    return (this.#slots.get(slotOf(atMs))?.arrived ?? 0) > 0;
  }

  /** How many came before this moment and wait. */
  aheadOf(atMs: number): number {
    const own = slotOf(atMs);
    let ahead = 0;
    for (const [number, slot] of this.#slots) {
      if (number < slotOf(this.#markMs) || number > own) continue;
      const before = number < own ? slot.arrived : shareBefore(slot, atMs) * slot.arrived;
      ahead += Math.max(0, before - slot.admitted);
    }
    return Math.floor(ahead + 1e-6);
  }

  /** Lets in whoever comes next. @returns how many of which slot, for the other processes */
  admit(count: number, nowMs: number): Map<number, number> {
    const taken = new Map<number, number>();
    let left = count;
    for (const [number, slot] of this.#inOrder()) {
      const some = Math.min(Math.max(0, slot.arrived - slot.admitted), left);
      if (some > 0) {
        slot.admitted += some;
        this.#admitted += some;
        taken.set(number, some);
        left -= some;
      }
    }
    this.#moveMark(nowMs);
    return taken;
  }

  /** What all processes have counted takes the place of what was known; `mine` is what they have not been told of yet. */
  replace(all: SlotCounts, mine: SlotCounts, nowMs: number): void {
    const before = new Map<Slot, number>();
    for (const slot of this.#slots.values()) {
      before.set(slot, slot.admitted);
      slot.arrived = 0;
      slot.admitted = 0;
    }
    for (const counts of [all, mine]) {
      for (const [number, { arrived, admitted }] of counts) {
        // A slot of nobody only says that the line lives.
        if (number < slotOf(this.#markMs) || arrived + admitted === 0) continue;
        const slot = this.#slot(number);
        slot.arrived += arrived;
        slot.admitted += admitted;
      }
    }
    for (const slot of this.#slots.values()) {
      if (this.#isFirst && !before.has(slot)) continue;
      this.#admitted += Math.max(0, slot.admitted - (before.get(slot) ?? 0));
    }
    this.#isFirst = false;
    this.#moveMark(nowMs);
  }

  /** Whoever came before this is waited for no more. */
  forget(beforeMs: number): void {
    if (beforeMs > this.#markMs) this.#moveMark(beforeMs, beforeMs);
  }

  #slot(number: number): Slot {
    let slot = this.#slots.get(number);
    if (!slot) {
      slot = { arrived: 0, admitted: 0, seenMs: [] };
      this.#slots.set(number, slot);
    }
    return slot;
  }

  /** From the mark's slot on; what comes late to an earlier one was let in with it. */
  #inOrder(): [number, Slot][] {
    return [...this.#slots].filter(([number]) => number >= slotOf(this.#markMs)).sort(([one], [other]) => one - other);
  }

  #moveMark(nowMs: number, atLeastMs = 0): void {
    this.#markMs = Math.max(this.#markMs, atLeastMs);
    for (const [number, slot] of this.#inOrder()) {
      if (slot.arrived === 0) continue;
      // Not up to whom this process knows first: others may know of some before them.
      if (slot.admitted === 0) break;
      const isWhole = slot.admitted >= slot.arrived;
      const endMs = Math.min(nowMs, (number + 1) * SLOT_MS);
      this.#markMs = Math.max(this.#markMs, isWhole ? endMs : timeAt(slot, number * SLOT_MS));
      if (!isWhole) break;
    }
    // Whoever came before is let in, whatever is heard of them later.
    for (const number of this.#slots.keys()) if (number < slotOf(this.#markMs)) this.#slots.delete(number);
  }
}

/** The first moment of a slot that is not let in. */
function timeAt({ arrived, admitted, seenMs }: Slot, fromMs: number): number {
  const share = admitted / arrived;
  const at = Math.floor(share * seenMs.length + 1e-9);
  return seenMs[at] ?? fromMs + share * SLOT_MS;
}

/** What share of a slot came before this moment, by those whom this process has seen, or as if they had come evenly. */
function shareBefore({ seenMs }: Slot, atMs: number): number {
  if (seenMs.length === 0) return (atMs % SLOT_MS) / SLOT_MS;
  return placeIn(seenMs, atMs) / seenMs.length;
}

/** How many of these times, which are in their order, are before this one. */
function placeIn(times: readonly number[], atMs: number): number {
  let low = 0;
  for (let high = times.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (times[middle]! < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
