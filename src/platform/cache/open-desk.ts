import { countedLoad, type Desk, type DeskCounts, type DeskSource, type Monotonic } from './desk.ts';

/** `CACHE=off`: every read loads. Right, and as slow as the database. */
export function createOpenDesk<T>(source: DeskSource<T>, counts: DeskCounts, now: Monotonic): Desk<T> {
  return {
    peek: () => undefined,
    async read(key) {
      const { value } = await countedLoad(counts, now, () => source.load(key));
      counts.miss += 1;
      return { value, outcome: 'miss' };
    },
    heard: () => {},
    missed: () => {},
    close: () => {},
  };
}
