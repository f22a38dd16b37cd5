import { KITCHEN_BEHIND, type ProblemType } from '../../contract/index.ts';
import { spreadRetryAfterS } from '../../platform/http/answer/retry-after.ts';
import { Problem } from '../../platform/http/problem.ts';
import { type Intake, NoPlace } from '../intake/intake.ts';
import type { VirtualLine } from './virtual-line.ts';

/** Of an order that is refused because its tickets would be late: seconds. Jobs that stand still begin again within some. */
const [LATE_SOONEST_S, LATE_LATEST_S] = [5, 15];

/**
 * An intake behind a line: whoever waits in it is served before who comes now. Nobody is while the tickets of orders that were taken are late: an order
 * that nobody cooks is worse than one that is refused.
 * @param isTicketLate whether an order of this store would wait too long for its tickets; asked for each order
 * @param onRefused told of each that is refused here
 */
export function createLinedIntake(
  intake: Intake,
  line: VirtualLine,
  isTicketLate: (storeId: string) => boolean = () => false,
  onRefused: (reason: ProblemType) => void = () => {},
): Intake {
  return {
    ...intake,
    async take(order, arrival = {}) {
      const { storeId } = order;
      if (isTicketLate(storeId)) {
        onRefused('busy');
        throw new NoPlace('busy', {
          detail:
            'The kitchen does not have the orders yet that were taken before; the store takes orders again as soon as it has.',
          extra: { reason: KITCHEN_BEHIND },
          retryAfterS: spreadRetryAfterS(LATE_SOONEST_S, LATE_LATEST_S),
        });
      }
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
