import type { FastifyRequest } from 'fastify';

interface Stores {
  find(idOrSlug: string): Promise<{ readonly id: string }>;
}

interface Access<Role extends string> {
  require(request: FastifyRequest, storeId: string, ...roles: readonly Role[]): unknown;
}

/**
 * For `onRequest` of a route below a store that is the staff's: first who asks, then what. Whoever may not ask costs neither the
 * reading of a body nor its checking, and learns nothing of its shape.
 */
export function staffOnly<Role extends string>(stores: Stores, access: Access<Role>, ...roles: readonly Role[]) {
  return async (request: FastifyRequest): Promise<void> => {
    const store = await stores.find((request.params as { store: string }).store);
    access.require(request, store.id, ...roles);
  };
}
