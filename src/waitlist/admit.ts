import type { WaitlistState } from '../contract/index.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import type { Head, Party } from './parties.ts';
import { lineDay } from './rules.ts';

/** Somebody at the door. */
export interface Joining {
  readonly id: string;
  readonly size: number;
  readonly name: string | null;
}

export type Admitted =
  | { readonly kind: 'joined'; readonly party: Party; readonly ahead: number }
  | { readonly kind: 'replayed'; readonly party: Party }
  | { readonly kind: 'refused'; readonly problem: Problem };

export interface Line {
  readonly storeId: string;
  readonly head: Head;
  readonly today: string;
  readonly nowMs: number;
  /** The most that may wait in one line. */
  readonly waitingMax: number;
}

/**
 * Lets parties into a line in the order in which they came, each at its end with the day's next number. Pure.
 * @param existing parties of these ids that are in the line already, or were
 * @returns one outcome each, and the head as it is then
 */
export function admit(
  { storeId, head, today, nowMs, waitingMax }: Line,
  joining: readonly Joining[],
  existing: ReadonlyMap<string, Party>,
): { readonly outcomes: Admitted[]; readonly head: Head } {
  const known = new Map(existing);
  const day = lineDay(head, today);
  let next: Head = head.day === day ? head : { ...head, day, lastNumber: 0 };
  const outcomes = joining.map(({ id, size, name }): Admitted => {
    const before = known.get(id);
    if (before) {
      const isSame = before.size === size && before.name === name;
      return isSame ? { kind: 'replayed', party: before } : { kind: 'refused', problem: keyReused() };
    }
    if (head.state !== 'open') return { kind: 'refused', problem: closed(head.state) };
    if (next.waiting >= waitingMax)
      return { kind: 'refused', problem: new Problem('busy', { retryAfterS: FULL_RETRY_S }) };
    const party: Party = {
      storeId,
      id,
      day,
      number: next.lastNumber + 1,
      size,
      name,
      state: 'waiting',
      position: next.lastPosition + 1,
      stepsBack: 0,
      joinedAt: new Date(nowMs),
      calledAt: null,
      endedAt: null,
    };
    const ahead = next.waiting;
    next = { ...next, lastNumber: party.number, lastPosition: party.position, waiting: ahead + 1 };
    known.set(id, party);
    return { kind: 'joined', party, ahead };
  });
  return { outcomes, head: next };
}

/** A line of so many moves by one within this. */
const FULL_RETRY_S = 60;

const closed = (state: WaitlistState): Problem =>
  new Problem('waitlist-closed', { detail: `The line is ${state}.`, extra: { state } });

const keyReused = (): Problem =>
  new Problem('key-reused', {
    detail: invalidField('Idempotency-Key', 'was used for another party').message,
    fields: [{ field: 'Idempotency-Key', problem: 'was used for another party', allowed: 'a new UUIDv7' }],
  });
