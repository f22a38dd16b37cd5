/** Hands periods on in the order of time: a clock that was set back, or a file that was put together, has them in another. */
import type { Metrics } from './metrics.ts';

/** Two days of 10-second periods. A longer test is handed on as it comes, in bounded memory. */
const KEPT_MAX = 20_000;

export class InOrder {
  readonly #onPeriod: (metrics: Metrics) => void;
  #kept: Metrics[] | undefined = [];
  #wasOutOfOrder = false;

  constructor(onPeriod: (metrics: Metrics) => void) {
    this.#onPeriod = onPeriod;
  }

  get wasOutOfOrder(): boolean {
    return this.#wasOutOfOrder;
  }

  take(metrics: Metrics): void {
    if (!this.#kept) {
      this.#onPeriod(metrics);
      return;
    }
    const before = this.#kept.at(-1);
    if (before && timeOf(metrics) < timeOf(before)) this.#wasOutOfOrder = true;
    this.#kept.push(metrics);
    if (this.#kept.length > KEPT_MAX) this.finish();
  }

  finish(): void {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const metrics of kept.sort((one, other) => timeOf(one) - timeOf(other))) this.#onPeriod(metrics);
  }
}

const timeOf = ({ period, endAt }: Metrics): number => period || endAt;
