import { type PartyView, STEPS_BACK_MAX } from '../contract/index.ts';
import { etaOf, type Paces } from './eta/pace.ts';
import type { Place, Places } from './line/places.ts';
import type { Party } from './parties.ts';
import { CALL_HELD_MS } from './rules.ts';

/** What a party's guest and the hall see of it. */
export type ViewParties = (parties: readonly Party[]) => Promise<PartyView[]>;

/**
 * Parties with their places and the minutes that they are told. One that waits by its row and is not in the line any more was called in
 * between: it has no place, and whoever follows it hears of the call next.
 */
export function createViewParties(places: Places, pacesOf: (storeId: string) => Promise<Paces>): ViewParties {
  return async (parties) => {
    const stores = Map.groupBy(
      parties.filter(({ state }) => state === 'waiting'),
      ({ storeId }) => storeId,
    );
    const found = new Map<Party, { readonly place: Place | undefined; readonly paces: Paces }>();
    await Promise.all(
      [...stores].map(async ([storeId, waiting]) => {
        const [known, paces] = await Promise.all([places.of(storeId, waiting), pacesOf(storeId)]);
        for (const [index, party] of waiting.entries()) found.set(party, { place: known[index], paces });
      }),
    );
    return parties.map((party) => toView(party, found.get(party)));
  };
}

/** @param known unset unless it waits */
export function toView(
  party: Party,
  known: { readonly place: Place | undefined; readonly paces: Paces } | undefined,
): PartyView {
  const { id, storeId, number, size, name, state, joinedAt, calledAt, stepsBack } = party;
  const place = known?.place;
  return {
    id,
    storeId,
    number,
    size,
    name,
    state,
    place: place ? place.ahead + 1 : null,
    ahead: place ? place.ahead : null,
    etaMinutes: place ? etaOf(known.paces, { size, ...place, joinedMs: joinedAt.getTime() }) : null,
    stepsLeft: STEPS_BACK_MAX - stepsBack,
    joinedAt: joinedAt.toISOString(),
    calledAt: calledAt?.toISOString() ?? null,
    heldUntil: state === 'called' ? new Date(calledAt!.getTime() + CALL_HELD_MS).toISOString() : null,
  };
}
