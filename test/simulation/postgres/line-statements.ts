import type { PartyState, WaitlistState } from '../../../src/contract/index.ts';
import { businessDay } from '../../../src/platform/clock.ts';
import { NEW_HEAD, type Party } from '../../../src/waitlist/parties.ts';
import { unnest } from './arrays.ts';
import type { StandIn, View } from './postgres.ts';

const key = (...parts: unknown[]): string => parts.join(' ');
const waitingOf = (view: View, storeId: unknown): Party[] =>
  view
    .rows('party')
    .filter((party) => party.storeId === storeId && party.state === 'waiting')
    .sort((a, b) => a.position - b.position);

/** What the statements of the waiting line do, by their names. */
export const LINE_STATEMENTS: Readonly<Record<string, StandIn>> = {
  'lock-line': (view, [store]) => {
    view.lock('waitlist_head', String(store));
    return [view.get('waitlist_head', String(store)) ?? []].flat();
  },
  'make-line': (view, [store]) => {
    view.lock('waitlist_head', String(store));
    if (!view.get('waitlist_head', String(store)))
      view.put('waitlist_head', String(store), { ...NEW_HEAD, storeId: String(store), clearedDay: '-infinity' });
    return [];
  },
  'read-line-head': (view, [store]) => [view.get('waitlist_head', String(store)) ?? []].flat(),
  'write-line-head': (view, [store, state, day, lastNumber, lastPosition, waiting]) => {
    const head = view.get('waitlist_head', String(store))!;
    view.put('waitlist_head', String(store), {
      ...head,
      state: state as WaitlistState,
      day: String(day),
      lastNumber: Number(lastNumber),
      lastPosition: Number(lastPosition),
      waiting: Number(waiting),
      version: head.version + 1,
    });
    return [];
  },
  'read-parties': (view, [stores, ids]) =>
    unnest(stores, ids).flatMap(([store, id]) => view.get('party', store!, id!) ?? []),
  'read-waiting': (view, [store, after, limit]) =>
    waitingOf(view, store)
      .filter(({ position }) => position > Number(after))
      .slice(0, Number(limit)),
  'insert-parties': (view, columns) => {
    const [stores, ids, days, numbers, sizes, names, positions, joined] = columns as unknown[][];
    for (const [at, storeId] of stores!.entries()) {
      view.insert('party', key(storeId, ids![at]), {
        storeId: String(storeId),
        id: String(ids![at]),
        day: String(days![at]),
        number: Number(numbers![at]),
        size: Number(sizes![at]),
        name: names![at] as string | null,
        state: 'waiting',
        stepsBack: 0,
        position: Number(positions![at]),
        joinedAt: joined![at] as Date,
        calledAt: null,
        endedAt: null,
      });
    }
    return [];
  },
  'write-parties': (view, [store, ...columns]) => {
    const [ids, states, positions, steps, called, ended] = columns as unknown[][];
    for (const [at, id] of ids!.entries()) {
      const party = view.get('party', String(store), String(id));
      if (!party) continue;
      view.put('party', key(store, id), {
        ...party,
        state: states![at] as PartyState,
        position: Number(positions![at]),
        stepsBack: Number(steps![at]),
        calledAt: called![at] as Date | null,
        endedAt: ended![at] as Date | null,
      });
    }
    return [];
  },
  'lines-due': (view, [calledBefore, now]) =>
    view.rows('waitlist_head').flatMap(({ storeId, waiting, clearedDay }) => {
      const isOver = view
        .rows('party')
        .some(
          (party) => party.storeId === storeId && party.state === 'called' && party.calledAt! <= (calledBefore as Date),
        );
      const today = businessDay((now as Date).getTime(), 'Asia/Seoul', 4);
      const isDue = isOver || (waiting > 0 && clearedDay < today);
      return isDue ? [{ id: storeId, timeZone: 'Asia/Seoul', dayStartsHour: 4 }] : [];
    }),
  'set-aside': (view, [store, calledBefore, today, now]) =>
    view.rows('party').flatMap((party) => {
      const { storeId, id, size, state, day, calledAt } = party;
      const isOld = day < String(today);
      const isDue =
        (state === 'called' && (calledAt! <= (calledBefore as Date) || isOld)) || (state === 'waiting' && isOld);
      if (storeId !== store || !isDue) return [];
      view.put('party', key(storeId, id), { ...party, state: 'no-show', endedAt: now as Date });
      return [{ id, size, waited: state === 'waiting' }];
    }),
  'clear-line': (view, [store, day]) => {
    const head = view.get('waitlist_head', String(store))!;
    view.put('waitlist_head', String(store), { ...head, clearedDay: String(day) });
    return [];
  },
  'read-line': (view, [store]) => {
    const head = view.get('waitlist_head', String(store));
    if (!head) return [];
    const waiting = waitingOf(view, store).map(({ id, size, position }) => ({ id, size, position }));
    const nobody = { id: null, size: 0, position: 0 };
    return (waiting.length > 0 ? waiting : [nobody]).map((row) => ({ version: head.version, ...row }));
  },
};
