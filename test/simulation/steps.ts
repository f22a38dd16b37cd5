import fc from 'fast-check';

/** What may happen next, the likelier the higher its weight. */
const WEIGHTS = {
  // The world goes on by some of what is on its way: a statement is run, an answer heard, a message told.
  go: 40,
  // People.
  order: 10,
  again: 3,
  cancel: 6,
  cook: 4,
  follow: 3,
  join: 5,
  move: 6,
  'set-aside': 1,
  // Time.
  pass: 4,
  clock: 1,
  // What fails.
  kill: 2,
  cut: 2,
  'give-up': 1,
  crash: 1,
  lose: 2,
  double: 2,
} as const;

export type StepKind = keyof typeof WEIGHTS;

export interface Step {
  readonly kind: StepKind;
  /** Which of those that there are, whatever number it is. */
  readonly which: number;
  readonly how: number;
}

const step: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.oneof(
      ...Object.entries(WEIGHTS).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as StepKind) })),
    ),
    which: fc.nat(9_999),
    how: fc.nat(9_999),
  })
  .map((each) => Object.assign(each, { [fc.toStringMethod]: () => `${each.kind} ${each.which} ${each.how}` }));

/**
 * A story as data: what happens, and in which order what is on its way comes. fast-check's own scheduler draws that order beside its
 * values and has no smaller one to offer, so a story would shrink and its order would not; here both do.
 */
export const stories = (stepsMax: number): fc.Arbitrary<Step[]> =>
  fc.array(step, { minLength: 1, maxLength: stepsMax, size: 'max' });
