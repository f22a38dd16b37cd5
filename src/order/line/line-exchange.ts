import type { Clock } from '../../platform/clock.ts';
import type { SlotCount, SlotCounts } from './arrivals.ts';

/** What one process has counted of a store's line since it last told. */
export interface LineNews {
  readonly storeId: string;
  /** Who tells it: a store's line in one process. */
  readonly teller: string;
  /** Of what this teller tells, from 1. News whose answer was lost is told again as it was, under the same number. */
  readonly turn: number;
  /** A line that lives has a count each time, if only of nobody in the present second; without any it only asks. */
  readonly counts: SlotCounts;
  /** Everybody who came in an earlier slot was let in: nobody needs those counts any more. */
  readonly doneBefore: number;
  /** How many with a place this teller has served since it began. */
  readonly came: number;
}

/** How far one process is that tells of a line. */
export interface Teller {
  /** The last turn of it that was added: a teller whose turn stands still is gone. */
  readonly turn: number;
  /** How many with a place it had served by then. */
  readonly came: number;
}

/** What all processes together know of one line. */
export interface SharedLine {
  readonly counts: SlotCounts;
  /** By teller, whoever told something of this line. */
  readonly tellers: ReadonlyMap<string, Teller>;
}

/** Where processes add up what they count of lines. Losing all of it makes a line forget who waits, and not who they are. */
export interface LineExchange {
  /**
   * Adds these counts, unless this turn of their teller or a later one was added before, and says what all processes have counted of
   * these lines.
   * @returns by store; a line that is not in it has nobody. Rejects when the others cannot be reached or their answer was lost: whether the
   * counts were added nobody knows, so they are told again
   */
  share(news: readonly LineNews[]): Promise<ReadonlyMap<string, SharedLine>>;
}

/** A line of which nobody has asked for so long is none: its waiters have gone, and the next crowd does not stand behind them. */
export const LINE_LIVES_MS = 30_000;

/** For one process, which knows everything; it keeps what it is told, as the shared ones do. */
export function createMemoryLineExchange(now: Clock): LineExchange {
  const lines = new Map<string, { seenAtMs: number; slots: Map<number, SlotCount>; tellers: Map<string, Teller> }>();
  return {
    async share(news) {
      const answer = new Map<string, SharedLine>();
      const nowMs = now();
      for (const [storeId, { seenAtMs }] of lines) if (nowMs - seenAtMs > LINE_LIVES_MS) lines.delete(storeId);
      for (const { storeId, teller, turn, counts, doneBefore, came } of news) {
        const line = lines.get(storeId) ?? { seenAtMs: nowMs, slots: new Map(), tellers: new Map() };
        if (counts.size > 0) lines.set(storeId, line);
        if (counts.size > 0) line.seenAtMs = nowMs;
        const isNew = counts.size > 0 && turn > (line.tellers.get(teller)?.turn ?? 0);
        if (isNew) line.tellers.set(teller, { turn, came });
        for (const [slot, { arrived, admitted }] of isNew ? counts : []) {
          const known = line.slots.get(slot) ?? { arrived: 0, admitted: 0 };
          line.slots.set(slot, { arrived: known.arrived + arrived, admitted: known.admitted + admitted });
        }
        for (const slot of line.slots.keys()) if (slot < doneBefore) line.slots.delete(slot);
        answer.set(storeId, { counts: new Map(line.slots), tellers: new Map(line.tellers) });
      }
      return answer;
    },
  };
}
