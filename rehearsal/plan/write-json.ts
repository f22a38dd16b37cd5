/** The plan as data: the contract of `matjip plan --json`. Money is whole won. */
import type { Choice } from './choose-machines.ts';
import { wonOf } from './money.ts';
import type { Plan } from './plan.ts';
import type { PlannedRung } from './planned-rung.ts';

export function toJson(plan: Plan) {
  const { peak, headroom, prices, measured, advice, best } = plan;
  return {
    peak,
    currency: 'KRW',
    rungs: plan.rungs.map((rung) => rungOf(rung, plan)),
    best: best?.measured.name ?? null,
    advice: advice.en,
    adviceKo: advice.ko,
    headroom,
    lost: 1,
    prices: { name: prices.name.en, asOf: prices.asOf, wonPerDollar: prices.wonPerDollar },
    measured: { at: measured.measuredAt, machine: measured.machine },
  };
}

function rungOf(rung: PlannedRung, { prices }: Plan) {
  const { measured, capacity, choices, perMillionOrders, impossible } = rung;
  const money = (convert: (dollars: number) => number) => {
    const of = (choice: Choice | undefined) => (choice ? convert(choice.dollarsPerMonth) : null);
    return { low: of(choices.low), base: of(choices.base), high: of(choices.high) };
  };
  const { law, unit, reach, refused, checked } = capacity;
  return {
    name: measured.name,
    label: measured.label,
    safePerCore: Number(rung.safePerCore.toPrecision(4)),
    machines: choices.base?.machines ?? null,
    /** Machines by what they are for. */
    set:
      choices.base?.sets.map(({ role, machine, count }) => ({
        role,
        name: machine.name,
        cores: machine.cores,
        count,
      })) ?? [],
    monthly: choices.base ? money((dollars) => wonOf(dollars, prices)) : null,
    monthlyDollars: choices.base ? money((dollars) => Math.round(dollars * 100) / 100) : null,
    perMillionOrders: perMillionOrders === undefined ? null : wonOf(perMillionOrders, prices),
    answersRightly: !measured.wrong,
    knee: measured.knee,
    cores: measured.cores,
    databaseShare: Number(rung.databaseShare.toFixed(3)),
    scaling: law
      ? {
          law: 'usl',
          alpha: law.alpha,
          beta: law.beta,
          gamma: law.gamma,
          rSquared: law.rSquared,
          /** What α, β and γ count, in cores. */
          unitCores: unit,
          ...(law.leftOut.length > 0 && { leftOut: law.leftOut }),
          ...(reach !== undefined && { reachCores: reach }),
          ...(checked && { checked }),
        }
      : { law: 'proportional', refused: refused?.en },
    ...(impossible && { impossible: impossible.en }),
  };
}
