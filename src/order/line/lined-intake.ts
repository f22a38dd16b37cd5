import { spreadRetryAfterS } from '../../platform/http/answer/retry-after.ts';
import { Problem } from '../../platform/http/problem.ts';
import { type Intake, NoPlace } from '../intake/intake.ts';
import type { VirtualLine } from './virtual-line.ts';

/** An intake behind a line: whoever waits in it is served before who comes now. */
export function createLinedIntake(intake: Intake, line: VirtualLine): Intake {
  return {
    ...intake,
    async take(order, arrival = {}) {
      const { storeId } = order;
      if (!line.mayEnter(storeId, arrival.place)) throw new NoPlace('busy', { retryAfterS: spreadRetryAfterS(1, 3) });
      const decision = await intake.take(order, arrival);
      if (arrival.place && decision.kind !== 'refused') line.came(storeId);
      return decision;
    },
  };
}

/** A `busy` refusal with the place that its order has in the line; any other error as it is. */
export function withPlace(error: unknown, give: () => object | undefined): unknown {
  if (!(error instanceof Problem) || error.type !== 'busy') return error;
  const place = give();
  return place ? error.with({ place }) : error;
}
