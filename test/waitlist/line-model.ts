import assert from 'node:assert/strict';
import { STEP_PLACES, STEPS_BACK_MAX } from '../../src/contract/index.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { Problem } from '../../src/platform/http/problem.ts';
import { sizeClassOf } from '../../src/waitlist/eta/size-class.ts';
import type { LineChange, Places } from '../../src/waitlist/line/places.ts';
import { PartyMoved } from '../../src/waitlist/move-party.ts';
import { openScene, type Scene, type SceneParty, tell } from './scene.ts';

/** A line as simply as it can be said: everybody who ever joined in the order of the line, and what became of each. */
interface ModelParty extends SceneParty {
  readonly number: number;
  state: 'waiting' | 'called' | 'seated' | 'no-show' | 'left';
  stepsBack: number;
}

export const STEPS = [
  'join',
  'join',
  'crowd',
  'call-next',
  'call',
  'seat',
  'no-show',
  'leave',
  'step-back',
  'calls-over',
  'crash',
  'flush',
  'late',
] as const;

export interface Step {
  readonly kind: (typeof STEPS)[number];
  /** Which party, and how large; whatever number it is. */
  readonly which: number;
}

/** What each process keeps of the line. */
export interface ModelPlaces {
  /** Opens what a process that has just started keeps. */
  open(): Places;
  /** Throws away what all processes share; nothing in process. */
  flush(storeId: string): Promise<void>;
  /** Lets so much time pass that a copy is compared with the truth. */
  look(): void;
}

/** Several changes to put in order; with more of them somebody joins, whom a copy does not know and so asks for. */
const LATE_STEPS = 4;

const FROM: Readonly<Record<string, readonly ModelParty['state'][]>> = {
  call: ['waiting', 'no-show', 'seated', 'called'],
  seat: ['waiting', 'called', 'no-show', 'seated'],
  'no-show': ['waiting', 'called', 'no-show'],
  leave: ['waiting', 'called', 'no-show', 'left'],
  'step-back': ['waiting', 'called', 'no-show'],
};
const TO = { call: 'called', seat: 'seated', 'no-show': 'no-show', leave: 'left' } as const;

/**
 * Runs steps against two processes on one database and holds them to the model: the order on the disk after every step, and every
 * place that the processes tell, also when a change was told late, twice or never.
 */
export async function runModel(db: Db, places: ModelPlaces, steps: readonly Step[], everySteps = 1): Promise<void> {
  const first = await openScene(db);
  const scenes: readonly Scene[] = [first, await openScene(db, first)];
  const copies = [places.open(), places.open()];
  const line: ModelParty[] = [];
  /** Steps whose changes are told late, and then the latest first. */
  let lateSteps = 0;
  let turn = 0;

  const scene = () => scenes[turn++ % 2]!;
  const waiting = () => line.filter(({ state }) => state === 'waiting');

  function stepBack(party: ModelParty): void {
    const at = line.indexOf(party);
    const behind = line
      .slice(at + 1)
      .filter(({ state }) => state === 'waiting')
      .slice(0, STEP_PLACES);
    if (party.state === 'waiting' && behind.length === 0) return;
    const slots = [party, ...behind].map((each) => line.indexOf(each));
    for (const [index, each] of [...behind, party].entries()) line[slots[index]!] = each;
    party.state = 'waiting';
    party.stepsBack += 1;
  }

  async function move(party: ModelParty, kind: keyof typeof TO | 'step-back'): Promise<void> {
    const isAllowed = FROM[kind]!.includes(party.state);
    const moving = scene().move(party, kind);
    if (!isAllowed) return assert.rejects(moving, PartyMoved);
    if (kind === 'step-back' && party.stepsBack === STEPS_BACK_MAX) {
      return assert.rejects(moving, (error) => error instanceof Problem && error.type === 'no-steps-left');
    }
    assert.equal((await moving).id, party.id);
    if (kind === 'step-back') stepBack(party);
    else party.state = TO[kind];
  }

  const joined = (party: SceneParty & { number: number }) =>
    line.push({ id: party.id, size: party.size, number: party.number, state: 'waiting', stepsBack: 0 });

  async function take({ kind, which }: Step): Promise<void> {
    const party = line.length > 0 ? line[which % line.length]! : undefined;
    switch (kind) {
      case 'join':
        joined(await scene().join(1 + (which % 7)));
        break;
      case 'crowd': {
        // At once, by both processes: the numbers say in which order.
        const crowd = await Promise.all(
          Array.from({ length: 4 }, (_, index) => scene().join(1 + ((which + index) % 7))),
        );
        for (const each of crowd.sort((a, b) => a.number - b.number)) joined(each);
        break;
      }
      case 'call-next': {
        const [next] = waiting();
        const calling = scene().move(undefined, 'call');
        if (!next) return assert.rejects(calling, (error) => error instanceof Problem && error.type === 'not-found');
        assert.equal((await calling).id, next.id);
        next.state = 'called';
        break;
      }
      case 'calls-over':
        await scene().callsOver();
        for (const each of line) if (each.state === 'called') each.state = 'no-show';
        break;
      case 'crash':
        // Killed after the commit and before a word of it; another process begins.
        for (const each of scenes) each.take();
        copies[which % 2] = places.open();
        places.look();
        await Promise.all(copies.map((copy) => copy.of(first.storeId, [])));
        places.look();
        break;
      case 'flush':
        await places.flush(first.storeId);
        break;
      case 'late':
        lateSteps = LATE_STEPS;
        break;
      default:
        if (party) await move(party, kind);
    }
  }

  async function check(): Promise<void> {
    const { rows } = await db.query<{ id: string; state: string; number: number; stepsBack: number }>(
      `SELECT id, state, number, steps_back AS "stepsBack" FROM party WHERE store_id = $1 ORDER BY position`,
      [first.storeId],
    );
    // Nobody is lost, nobody is there twice, and all are in the model's order.
    assert.deepEqual(
      rows,
      line.map(({ id, state, number, stepsBack }) => ({ id, state, number, stepsBack })),
    );
    const { rows: heads } = await db.query<{ waiting: number }>(
      'SELECT waiting FROM waitlist_head WHERE store_id = $1',
      [first.storeId],
    );
    assert.equal(heads[0]?.waiting ?? 0, waiting().length);
  }

  /** @param looksMax 0: nothing was lost, so every place is right at once */
  async function checkPlaces(looksMax: number): Promise<void> {
    const changes: LineChange[] = scenes.flatMap((each) => each.take()).sort((a, b) => b.version - a.version);
    // Each change is told by one process where they share a copy, and to each where they do not.
    for (const copy of copies) await tell(copy, changes);
    const ofClass = new Map<number, number>();
    const expected = waiting().map(({ size }, ahead) => {
      const aheadOfSize = ofClass.get(sizeClassOf(size)) ?? 0;
      ofClass.set(sizeClassOf(size), aheadOfSize + 1);
      return { ahead, aheadOfSize };
    });
    for (const copy of copies) {
      // What was never told is found out by the second look.
      for (let looks = 0; ; looks += 1) {
        const found = await copy.of(first.storeId, waiting());
        if (looks === looksMax || JSON.stringify(found) === JSON.stringify(expected)) {
          assert.deepEqual(found, expected);
          break;
        }
        places.look();
      }
    }
  }

  let wasLost = false;
  for (const [index, step] of steps.entries()) {
    await take(step);
    if (index % everySteps === 0 || index === steps.length - 1) await check();
    wasLost ||= step.kind === 'crash';
    lateSteps -= 1;
    if (lateSteps > 0 || index % everySteps !== 0) continue;
    await checkPlaces(wasLost ? 2 : 0);
    wasLost = false;
  }
  await checkPlaces(wasLost ? 2 : 0);
}
