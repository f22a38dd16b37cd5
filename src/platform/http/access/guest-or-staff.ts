import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { idIn } from '../request/params.ts';
import { guestTokenOf } from './bearer.ts';
import type { GuestTokens } from './guest-tokens.ts';

export interface GuestOrStaffDeps<Store> {
  readonly stores: { find(idOrSlug: string): Promise<Store> };
  readonly tokens: GuestTokens;
  /** True when the request carries the rights of the store's staff. */
  readonly isStaff: (request: FastifyRequest, storeId: string) => boolean;
}

/** Unknown and forbidden look the same, so that nobody can search for other people's. @param what such as `order` */
export const notYours = (what: string): Problem =>
  new Problem('not-found', { detail: `There is no such ${what}, or this token is not its own.` });

/**
 * Lets in whoever holds the token of what the address names, and the store's staff.
 * @param param where its id stands in the address
 * @param tokenOf where the token is looked for; unset: in the header or the address
 * @returns whom it let in, and to what; it throws Problem `not-found`
 */
export function createGuestOrStaff<Store extends { readonly id: string }>(
  { stores, tokens, isStaff }: GuestOrStaffDeps<Store>,
  what: string,
  { param = 'id', tokenOf = guestTokenOf } = {},
) {
  return async (request: FastifyRequest): Promise<{ store: Store; id: string; by: 'guest' | 'staff' }> => {
    const params = request.params as Readonly<Record<string, string>>;
    const store = await stores.find(params.store!);
    const id = idIn(params[param]!, () => notYours(what));
    if (isStaff(request, store.id)) return { store, id, by: 'staff' };
    const token = tokenOf(request);
    if (token && tokens.verify(token, store.id, id)) return { store, id, by: 'guest' };
    throw notYours(what);
  };
}
