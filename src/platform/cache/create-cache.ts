import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import type { Cache } from './read-through.ts';

/** A franchise of thousands of stores fits; keys made up by strangers push each other out. */
const MEMORY_ITEMS_MAX = 20_000;

/** `CACHE=off`: every read loads. */
export const noCache: Cache = {
  place: () => ({ read: (_key, load) => load(), forget: async () => {} }),
  close: async () => {},
};

/** `CACHE=memory`: this process's memory, one load a key however many callers wait for it. */
export function createMemoryCache(): Cache {
  const bento = new BentoCache({
    default: 'memory',
    stores: {
      // Values stay objects: one process needs no copy, and serialising costs more than the look-up.
      memory: bentostore().useL1Layer(memoryDriver({ maxItems: MEMORY_ITEMS_MAX, serialize: false })),
    },
  });
  return {
    place: ({ name, lifetimeMs }) => {
      const places = bento.namespace(name);
      return {
        read: (key, load) => places.getOrSet({ key, ttl: lifetimeMs, grace: false, factory: load }),
        forget: async (key) => {
          await places.delete({ key });
        },
      };
    },
    close: () => bento.disconnectAll(),
  };
}
