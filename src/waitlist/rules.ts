import { CALL_HELD_MINUTES, type PartyState } from '../contract/index.ts';

/** What people do with a party; `expire` is what the clock does with one that was called and did not come. */
export type Action = 'call' | 'seat' | 'no-show' | 'leave' | 'step-back' | 'expire';

/** Which action is allowed in which state. Seating and setting aside can be taken back by calling again: a wrong tap loses nobody. */
const MOVES: Readonly<Record<Action, { readonly to: PartyState; readonly from: readonly PartyState[] }>> = {
  call: { to: 'called', from: ['waiting', 'no-show', 'seated'] },
  seat: { to: 'seated', from: ['waiting', 'called', 'no-show'] },
  'no-show': { to: 'no-show', from: ['waiting', 'called'] },
  leave: { to: 'left', from: ['waiting', 'called', 'no-show'] },
  'step-back': { to: 'waiting', from: ['waiting', 'called', 'no-show'] },
  expire: { to: 'no-show', from: ['called'] },
};

/** @returns the state after it, which is the same for what was done before; undefined when it is not allowed */
export function stateAfter(action: Action, state: PartyState): PartyState | undefined {
  const { to, from } = MOVES[action];
  return from.includes(state) || state === to ? to : undefined;
}

/** The line's day: a clock that is behind must not count a day again whose numbers were given, nor send its guests away. */
export const lineDay = (head: { readonly day: string }, today: string): string => (today > head.day ? today : head.day);

/** Milliseconds that a called party is waited for. */
export const CALL_HELD_MS = CALL_HELD_MINUTES * 60_000;

/**
 * Lets those behind go first by handing positions round: the party takes that of the last of them, and each of them that of the one
 * before. So no position between two others is ever needed, and they never run out.
 * @param positions of the party and of those it lets past, in the order of the line
 * @returns the positions that they have then, in the same order
 */
export const stepBehind = (positions: readonly number[]): number[] => [positions.at(-1)!, ...positions.slice(0, -1)];
