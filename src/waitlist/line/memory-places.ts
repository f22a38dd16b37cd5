import { LRUCache } from 'lru-cache';
import type { Queryable } from '../../platform/db/pool.ts';
import { createComparison } from './compare.ts';
import { readLine, readMark } from './line-truth.ts';
import type { LineMove, Places } from './places.ts';
import { SortedLine } from './sorted-line.ts';

/** Lines of one process. 20,000 who wait take 2 MB, and few stores have any. */
const STORES_MAX = 2_000;
/** Changes heard before the one in front of them; with more the line is read anew. */
const EARLY_MAX = 500;

interface Copy {
  line: SortedLine | undefined;
  version: number;
  /** By version. */
  readonly early: Map<number, readonly LineMove[]>;
  /** What is read must be at least as new. */
  atLeast: number;
}

/** The places in this process, read from Postgres when somebody asks and then kept up by what is told. */
export function createMemoryPlaces(db: Queryable): Places {
  const copies = new LRUCache<string, Copy>({ max: STORES_MAX });

  function copyOf(storeId: string): Copy {
    const known = copies.get(storeId);
    if (known) return known;
    const made: Copy = { line: undefined, version: 0, early: new Map(), atLeast: 0 };
    copies.set(storeId, made);
    return made;
  }

  function catchUp(copy: Copy): void {
    for (let next = copy.early.get(copy.version + 1); next; next = copy.early.get(copy.version + 1)) {
      copy.version += 1;
      copy.early.delete(copy.version);
      copy.line!.apply(next);
    }
  }

  function forget(copy: Copy, version: number): void {
    copy.line = undefined;
    copy.early.clear();
    copy.atLeast = version;
  }

  const comparison = createComparison({
    async mark(storeId) {
      const copy = copies.get(storeId);
      return copy?.line && { version: copy.version, waiting: copy.line.length };
    },
    truth: (storeId) => readMark(db, storeId),
    async rebuild(storeId) {
      // There before the reading, so that what is told meanwhile is not missed.
      const copy = copyOf(storeId);
      let line = await readLine(db, storeId);
      while (line.version < copy.atLeast) line = await readLine(db, storeId);
      for (const version of copy.early.keys()) if (version <= line.version) copy.early.delete(version);
      Object.assign(copy, { line: new SortedLine(line), version: line.version });
      catchUp(copy);
    },
  });

  return {
    async of(storeId, parties) {
      await comparison.due(storeId);
      const look = () => parties.map((party) => copies.get(storeId)?.line?.place(party));
      const found = look();
      if (!found.includes(undefined)) return found;
      await comparison.rebuild(storeId);
      return look();
    },
    async countOfSize(storeId, sizeClass) {
      await comparison.due(storeId);
      return copies.get(storeId)?.line?.countOfSize(sizeClass) ?? 0;
    },
    async moved({ storeId, version, moves }) {
      const copy = copies.get(storeId);
      if (!copy || (copy.line && version <= copy.version)) return;
      if (moves === null || copy.early.size >= EARLY_MAX) return forget(copy, version);
      copy.early.set(version, moves);
      if (copy.line) catchUp(copy);
    },
  };
}
