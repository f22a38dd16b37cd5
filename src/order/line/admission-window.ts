/** How many are let in at a time. */
export interface AdmissionWindow {
  /**
   * How many may be let in now.
   * @param load of the intake: 0 is idle, from 1 on whoever comes would wait too long
   * @param roomMax what the store itself has room for
   */
  room(nowMs: number, load: number, roomMax: number): number;
  admitted(count: number, nowMs: number): void;
  /** Somebody who was let in has come. */
  came(nowMs: number): void;
}

/** Who was let in and has not come by then is not waited for; they may come later all the same. */
const GRACE_MS = 10_000;
/** And not so long where the intake has little to do meanwhile. */
const GRACE_IDLE_MS = 2_500;
const IDLE = 0.25;
/** Where the store itself is the bound: longer than whoever waits goes without asking, since who comes to a full kitchen has come in vain. */
const GRACE_STORE_MS = 20_000;
/** What is known of a store's room is a second old at most, and its orders a little older. */
const SEEN_LATE_MS = 1_500;
const WINDOW_MIN = 4;
const WINDOW_MAX = 4_000;
/** Each who comes into an intake with room makes place for half another, so the window grows by half a round, and shrinks at once. */
const GROWTH = 0.5;
const SHRINK = 0.8;
const SHRINK_EVERY_MS = 2_000;
/** Lower, and one guest who comes would let a thousand in. */
const SHOWS_MIN = 0.02;

/** People who were let in together. */
interface Batch {
  readonly atMs: number;
  readonly count: number;
  came: number;
  /** How many of them came has been learned; who comes later is late. */
  isLearned: boolean;
}

/**
 * A window of people who were let in and have not come yet, as TCP keeps one of bytes (V. Jacobson, "Congestion Avoidance and Control",
 * 1988): it opens while the intake has room and closes when it has none, so it finds by itself what the intake sustains, however long
 * guests take to notice. Those who walk away are learned as the share of those who come, and others are let in for them.
 */
export function createAdmissionWindow(firstSize: number): AdmissionWindow {
  let size = Math.min(WINDOW_MAX, Math.max(WINDOW_MIN, firstSize));
  let shrunkAtMs = Number.NEGATIVE_INFINITY;
  /** The oldest first. */
  const batches: Batch[] = [];
  let shows = 1;
  /** Whether the store has room for only so many, whatever the intake has. */
  let isStoreBound = false;
  /** When people came lately, the latest last. */
  const cameMs: number[] = [];

  function passTime(nowMs: number): void {
    for (const batch of batches) {
      if (nowMs - batch.atMs < (isStoreBound ? GRACE_STORE_MS : GRACE_MS)) break;
      if (batch.isLearned) continue;
      batch.isLearned = true;
      const weight = Math.min(0.5, batch.count / (2 * size + 1));
      shows = Math.max(SHOWS_MIN, shows + weight * (Math.min(1, batch.came / batch.count) - shows));
    }
    while (batches[0] && nowMs - batches[0].atMs >= GRACE_STORE_MS) batches.shift();
    const seen = cameMs.findIndex((atMs) => nowMs - atMs < SEEN_LATE_MS);
    cameMs.splice(0, seen < 0 ? cameMs.length : seen);
  }

  return {
    room(nowMs, load, roomMax) {
      isStoreBound = roomMax < Number.MAX_SAFE_INTEGER;
      passTime(nowMs);
      if (load >= 1) {
        if (nowMs - shrunkAtMs >= SHRINK_EVERY_MS) {
          size = Math.max(WINDOW_MIN, size * SHRINK);
          shrunkAtMs = nowMs;
        }
        return 0;
      }
      const graceMs = isStoreBound ? GRACE_STORE_MS : load < IDLE ? GRACE_IDLE_MS : GRACE_MS;
      // The room that a store says it has was looked at before they came.
      let coming = isStoreBound ? cameMs.length : 0;
      for (const { atMs, count, came } of batches) {
        if (nowMs - atMs < graceMs) coming += Math.max(0, count * shows - came);
      }
      return Math.max(0, Math.floor((Math.min(size, roomMax) - coming) / shows));
    },
    admitted(count, nowMs) {
      if (count === 0) return;
      passTime(nowMs);
      batches.push({ atMs: nowMs, count, came: 0, isLearned: false });
    },
    came(nowMs) {
      cameMs.push(nowMs);
      size = Math.min(WINDOW_MAX, size + GROWTH);
      const isOpen = ({ count, came }: Batch) => came < count;
      const batch = batches.find((each) => !each.isLearned && isOpen(each)) ?? batches.find(isOpen);
      if (batch) batch.came += 1;
    },
  };
}
