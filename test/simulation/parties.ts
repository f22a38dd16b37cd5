import { Problem } from '../../src/platform/http/problem.ts';
import type { Action } from '../../src/waitlist/rules.ts';
import { watchLine } from './line-watch.ts';
import { STORES } from './scene.ts';
import { settled } from './virtual-time.ts';
import type { World } from './world.ts';

interface Joined {
  readonly id: string;
  readonly size: number;
  number: number | undefined;
}

const MOVES: readonly Action[] = ['call', 'call', 'seat', 'no-show', 'leave', 'step-back', 'step-back'];
const STORE = STORES[0]!.id;

/** Everybody at the door of one store, and what they were told. */
export class Parties {
  readonly all: Joined[] = [];
  readonly #world: World;
  readonly #line: ReturnType<typeof watchLine>;

  constructor(world: World) {
    this.#world = world;
    this.#line = watchLine(world.postgres, STORE, (what) => world.wrong(what));
  }

  #process = (which: number) => this.#world.places[which % 2]!.process;

  committed(changed: ReadonlySet<string>): void {
    if (changed.has(`waitlist_head ${STORE}`)) this.#line.look();
  }

  join(which: number, how: number): void {
    const id = `01b00000-0000-7000-8000-${String(this.all.length + 1).padStart(12, '0')}`;
    const party: Joined = { id, size: 1 + (how % 7), number: undefined };
    this.all.push(party);
    this.#send(party, which);
  }

  #send(party: Joined, which: number): void {
    const process = this.#process(which);
    this.#world.say(`${tail(party.id)} joins the line at ${process.name}`);
    void this.#world.ask(tail(party.id), process.join(STORE, party.id, party.size)).then((answer) => {
      if (answer === undefined) return;
      if (answer instanceof Problem) {
        if (answer.type !== 'busy') this.#world.wrong(`${tail(party.id)} was told ${answer.type}`);
        return;
      }
      this.#world.told.push(`   ${tail(party.id)} hears number ${answer.number}`);
      const row = this.#world.postgres.row('party', STORE, party.id);
      if (row?.number !== answer.number)
        this.#world.wrong(`${tail(party.id)} was told that it waits, and is not there`);
      if (party.number !== undefined && party.number !== answer.number)
        this.#world.wrong(`${tail(party.id)} heard two numbers`);
      party.number = answer.number;
    });
  }

  move(which: number, how: number): void {
    const action = MOVES[how % MOVES.length]!;
    const party = this.all[Math.floor(how / MOVES.length) % Math.max(1, this.all.length)];
    if (!party) return;
    // The first who waits, half of the time.
    const id = action === 'call' && how % 2 === 0 ? undefined : party.id;
    this.#world.say(`${id ? tail(id) : 'the next'}: ${action} at ${this.#process(which).name}`);
    void this.#world.ask(action, this.#process(which).move(STORE, id, action));
  }

  setAside(which: number): void {
    this.#world.say(`${this.#process(which).name} looks for calls that are over`);
    void this.#world.ask('setting aside', this.#process(which).setAside());
  }

  insist(which: number): boolean {
    const unheard = this.all.filter(({ number }) => number === undefined);
    for (const party of unheard) this.#send(party, which);
    return unheard.length > 0;
  }

  /** When all is calm: everybody's place is the same at every process, and is the right one. */
  async judge(calm: () => Promise<void>): Promise<void> {
    for (const party of this.all) {
      if (!this.#world.postgres.row('party', STORE, party.id)) this.#world.wrong(`${tail(party.id)} is lost`);
    }
    const line = this.#line.lineNow();
    const right = line.map((_, ahead) => ahead);
    for (const { process } of this.#world.places) {
      let found: unknown;
      // What was never told is found out by the second look.
      for (let looks = 0; looks < 3; looks += 1) {
        await this.#world.pass(LOOK_MS);
        const asking = process.places(STORE, line).then((places) => {
          found = places;
        });
        void this.#world.ask('a look at the line', asking);
        await settled();
        await calm();
      }
      if (JSON.stringify(found) !== JSON.stringify(right))
        this.#world.wrong(`${process.name} says that those who wait have the places ${JSON.stringify(found)}`);
    }
    const byDay = Map.groupBy(this.#world.postgres.rows('party'), ({ day }) => day);
    for (const [day, parties] of byDay) {
      const numbers = parties.map(({ number }) => number).sort((a, b) => a - b);
      if (numbers.some((number, at) => number !== at + 1)) this.#world.wrong(`on ${day} the numbers are ${numbers}`);
    }
  }
}

/** Longer than a copy of the line goes without being compared. */
const LOOK_MS = 1_100;

const tail = (id: string): string => `party ${Number(id.slice(-4))}`;
