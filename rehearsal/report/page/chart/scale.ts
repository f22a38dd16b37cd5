/** From figures to places on paper. */

export interface Scale {
  (value: number): number;
  ticks: number[];
  domain: readonly [number, number];
}

type Range = readonly [number, number];

/** An even scale from 0 (or `low`) to a round number at or above `high`. */
export function linear(high: number, range: Range, tickCount = 4, low = 0): Scale {
  const span = Math.max(high - low, 1e-9);
  const step = roundStep(span / tickCount);
  const top = low + Math.ceil(span / step - 1e-9) * step;
  const place = (value: number): number => range[0] + ((value - low) / (top - low)) * (range[1] - range[0]);
  const ticks: number[] = [];
  for (let i = 0; low + i * step <= top + step / 2; i++) ticks.push(Number((low + i * step).toPrecision(12)));
  return Object.assign(place, { ticks, domain: [low, top] as const });
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 5]) if (factor * power >= least - 1e-12) return factor * power;
  return 10 * power;
}

/** A logarithmic scale that holds `low` and `high`; values below it stand on its edge. */
export function logarithmic(low: number, high: number, range: Range): Scale {
  const from = Math.log10(low);
  const to = Math.max(Math.log10(high), from + 0.3);
  const place = (value: number): number => {
    const share = (Math.log10(Math.max(value, low)) - from) / (to - from);
    return range[0] + Math.min(1, share) * (range[1] - range[0]);
  };
  const decades = to - from;
  const factors = decades < 1.6 ? [1, 2, 5] : decades < 3 ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power++) {
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      if (tick >= low * 0.999 && tick <= 10 ** to * 1.001) ticks.push(Number(tick.toPrecision(6)));
    }
  }
  return Object.assign(place, { ticks, domain: [low, 10 ** to] as const });
}

/** The ends of a logarithmic axis around some values: rounded outward to 1, 2 or 5. */
export function logDomain(values: readonly number[]): readonly [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return [1, 10];
  return [roundLog(Math.min(...positive), false), roundLog(Math.max(...positive), true)];
}

function roundLog(value: number, isUp: boolean): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((factor) => factor * power);
  const found = isUp ? steps.find((step) => step >= value * 0.999) : steps.findLast((step) => step <= value * 1.001);
  return found ?? value;
}
