import type { Party } from '../../src/waitlist/parties.ts';
import type { SimulatedPostgres } from './postgres/postgres.ts';

type Standing = Pick<Party, 'id' | 'stepsBack'>;

/**
 * Looks at a line after every commit: nobody stands behind somebody who was behind them, but for who stepped back; whoever joins goes to
 * the end; each place is one party's; and the head says what is so.
 */
export function watchLine(postgres: SimulatedPostgres, storeId: string, wrong: (what: string) => void) {
  let before: readonly Standing[] = [];
  let version = 0;
  const lineNow = () =>
    postgres
      .rows('party')
      .filter((party) => party.storeId === storeId && party.state === 'waiting')
      .sort((a, b) => a.position - b.position);
  return {
    lineNow,
    look(): void {
      const line = lineNow();
      const head = postgres.row('waitlist_head', storeId);
      if (!head) return;
      if (head.waiting !== line.length) wrong(`${line.length} wait, and the head says ${head.waiting}`);
      if (new Set(line.map(({ position }) => position)).size !== line.length) wrong('two parties have one place');
      if (head.version < version) wrong('the line is older than it was');
      version = head.version;
      const at = new Map(line.map((party, index) => [party.id, { index, party }]));
      const stayed = before.filter(({ id }) => at.has(id));
      for (const [index, front] of stayed.entries()) {
        const now = at.get(front.id)!;
        if (now.party.stepsBack > front.stepsBack) continue;
        for (const back of stayed.slice(index + 1)) {
          if (at.get(back.id)!.index < now.index) wrong(`${back.id} has gone past ${front.id}, who did not step back`);
        }
      }
      const known = new Set(before.map(({ id }) => id));
      let hasNewBefore = false;
      for (const party of line) {
        if (known.has(party.id)) {
          if (hasNewBefore) wrong(`somebody who has just joined stands before ${party.id}`);
        } else hasNewBefore ||= party.stepsBack === 0;
      }
      before = line.map(({ id, stepsBack }) => ({ id, stepsBack }));
    },
  };
}
