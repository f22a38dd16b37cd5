import assert from 'node:assert/strict';
import { isDatabaseAway } from '../../src/platform/db/away.ts';
import { Problem } from '../../src/platform/http/problem.ts';
import { PartyMoved } from '../../src/waitlist/move-party.ts';
import { killClientsOf, notify, useServer } from './postgres/driver.ts';
import { type Session, SimulatedPostgres } from './postgres/postgres.ts';
import { standInFor } from './postgres/statements.ts';
import { type SimulatedProcess, startProcess } from './process.ts';
import { DAILY_LIMIT, LIMITED, NOON_MS, PLENTY, STORES } from './scene.ts';
import { settled, type VirtualTime } from './virtual-time.ts';

/** On its way to a process: what a commit told, or that something may have been missed. */
type Message = { readonly pack: string } | 'gap';

/** A process, and what becomes of whoever comes after it when it is killed. */
interface Place {
  process: SimulatedProcess;
  readonly inbox: Message[];
  readonly notices: Session[];
  /** How wrong its clock is, in milliseconds. */
  skewMs: number;
  lives: number;
}

/** What goes on by itself: a statement is run, an answer is heard, a message is told. */
interface Event {
  readonly tell: () => string;
}

export interface WorldHooks {
  /** After each commit. */
  committed(changed: ReadonlySet<string>): void;
  /** A process was killed, and the next is there. */
  replaced(place: number): void;
}

const INTAKES = ['grouped', 'direct'] as const;

/** Two processes of the product on one simulated database, and everything that can come between them. */
export class World {
  readonly postgres: SimulatedPostgres;
  readonly places: Place[];
  /** What happened, for whoever reads a story that failed. */
  readonly told: string[] = [];
  /** What must not be, as soon as it is seen. */
  readonly violations: string[] = [];
  readonly #time: VirtualTime;
  readonly #hooks: WorldHooks;
  /** Statements run, answers heard, messages told, and what people, clocks and faults did. */
  steps = 0;

  constructor(time: VirtualTime, hooks: WorldHooks) {
    this.#time = time;
    this.#hooks = hooks;
    const known = (statement: Parameters<typeof standInFor>[0]) => {
      try {
        return standInFor(statement);
      } catch (error) {
        this.wrong((error as Error).message);
        throw error;
      }
    };
    this.postgres = new SimulatedPostgres(known, {
      committed: (changed) => hooks.committed(changed),
      notified: (channel, payload) => {
        if (channel === 'matjip_live') for (const { inbox } of this.places) inbox.push({ pack: payload });
        else
          for (const session of this.postgres.sessions) {
            const place = this.places.find(({ process }) => process.name === session.owner);
            if (session.listens.has(channel)) place?.notices.push(session);
          }
      },
    });
    this.postgres.nowMs = NOON_MS;
    for (const { id } of STORES) {
      this.postgres.put('store_head', id, { storeId: id, day: '-infinity', lastNumber: 0, stockVersion: 0 });
      const count = { storeId: id, count: 1, day: '2026-11-27', sold: 0 };
      this.postgres.put('stock', `${id} ${LIMITED}`, { ...count, itemId: LIMITED, offered: DAILY_LIMIT });
      this.postgres.put('stock', `${id} ${PLENTY}`, { ...count, itemId: PLENTY, offered: null });
    }
    useServer(this.postgres);
    this.places = INTAKES.map((_, at) => ({
      inbox: [],
      notices: [],
      skewMs: 0,
      lives: 0,
      process: this.#start(at, 0),
    }));
  }

  #start(at: number, life: number): SimulatedProcess {
    const now = () => this.postgres.nowMs + (this.places?.[at]?.skewMs ?? 0);
    return startProcess({ name: `p${at}x${life}`, intake: INTAKES[at]!, now });
  }

  say(what: string): void {
    this.steps += 1;
    this.told.push(what);
  }

  wrong(what: string): void {
    this.violations.push(what);
    this.told.push(`!! ${what}`);
  }

  /** Somebody asks for something; what they may never be told is a fault. @returns undefined: nothing came of it, or nobody heard */
  async ask<T>(what: string, asking: Promise<T>): Promise<T | Problem | undefined> {
    try {
      return await asking;
    } catch (error) {
      if (error instanceof Problem) return error;
      if (!(error instanceof PartyMoved) && !isDatabaseAway(error)) this.wrong(`${what} was told ${String(error)}`);
      return undefined;
    }
  }

  #events(): Event[] {
    const events: Event[] = [];
    for (const session of this.postgres.sessions) {
      if (session.answers.length > 0)
        events.push({
          tell: () => {
            session.answers.shift()!.tell();
            return `${session.owner} hears`;
          },
        });
      if (this.postgres.canRun(session))
        events.push({ tell: () => `for ${session.owner} ${this.postgres.runNext(session)}` });
    }
    for (const place of this.places) {
      for (const at of place.inbox.keys()) events.push({ tell: () => this.#tellOne(place, at, false) });
      if (place.notices.length > 0)
        events.push({
          tell: () => {
            notify(place.notices.shift()!, 'jobs:insert');
            return `${place.process.name} is told of jobs`;
          },
        });
    }
    return events;
  }

  #tellOne({ process, inbox }: Place, at: number, isKept: boolean): string {
    const message = inbox[at]!;
    if (!isKept) inbox.splice(at, 1);
    if (message === 'gap') process.gap();
    else process.hear(message.pack);
    return `${process.name} is told ${message === 'gap' ? 'of a gap' : message.pack.slice(0, 60)}`;
  }

  /** Lets some of it go on. @returns false when nothing was on its way */
  async go(which: number, count: number): Promise<boolean> {
    for (let done = 0; done < count; done += 1) {
      const events = this.#events();
      if (events.length === 0) return done > 0;
      // A large prime, so that one number chooses differently from one to the next.
      this.say(events[(which + done * 7_919) % events.length]!.tell());
      await settled();
    }
    return true;
  }

  /** Time passes for everybody alike. */
  async pass(ms: number): Promise<void> {
    this.say(`${ms} ms pass`);
    this.postgres.nowMs += ms;
    await this.#time.pass(ms);
  }

  /** A process ends between two statements; what it had sent may still be done. Another begins at once. */
  async kill(which: number, how: number): Promise<void> {
    const at = which % this.places.length;
    const place = this.places[at]!;
    const { name } = place.process;
    let sentAnyway = 0;
    for (const session of this.postgres.sessions) {
      if (session.owner !== name) continue;
      for (let left = how % (session.queue.length + 1); left > 0 && this.postgres.canRun(session); left -= 1) {
        this.postgres.runNext(session);
        sentAnyway += 1;
      }
    }
    killClientsOf(name);
    this.say(`${name} is killed; ${sentAnyway} of its statements were run all the same`);
    place.inbox.length = 0;
    place.notices.length = 0;
    place.lives += 1;
    place.process = this.#start(at, place.lives);
    this.#hooks.replaced(at);
    await settled();
  }

  /** A connection breaks, before or after its next statement was run. */
  async cut(which: number, how: number): Promise<void> {
    const busy = [...this.postgres.sessions].filter(({ queue, answers }) => queue.length + answers.length > 0);
    const session = busy[which % busy.length];
    if (!session) return;
    const isRun = how % 2 === 0 && this.postgres.canRun(session);
    const what = isRun ? `after ${this.postgres.runNext(session)}` : 'before its next statement';
    this.say(`a connection of ${session.owner} breaks ${what}`);
    this.postgres.hangUp(session);
    await settled();
  }

  /** A statement has waited for a row for too long. */
  async giveUp(which: number): Promise<void> {
    const waiting = [...this.postgres.sessions].filter(({ waitsFor }) => waitsFor !== undefined);
    const session = waiting[which % waiting.length];
    if (!session) return;
    this.say(`${session.owner} has waited for ${session.waitsFor} for too long`);
    this.postgres.fail(session, '55P03', 'canceling statement due to lock timeout');
    await settled();
  }

  async crash(how: number): Promise<void> {
    this.say('the database crashes');
    this.postgres.crash(how);
    for (const { inbox } of this.places) inbox.push('gap');
    await settled();
  }

  /** A message is told twice, or never, and then it is noticed some time that something may be missing. */
  async disturb(kind: 'lose' | 'double', which: number, how: number): Promise<void> {
    const place = this.places[which % this.places.length]!;
    if (place.inbox.length === 0) return;
    const at = how % place.inbox.length;
    if (kind === 'double') this.say(`${this.#tellOne(place, at, true)}, and again later`);
    else {
      place.inbox.splice(at, 1, 'gap');
      this.say(`${place.process.name} is not told something`);
    }
    await settled();
  }

  /** Nothing fails any more, and everything that is on its way comes, the oldest first. */
  async calm(): Promise<void> {
    for (let steps = 0; await this.go(0, 1); steps += 1) {
      if (steps < CALM_STEPS_MAX) continue;
      this.wrong('it never comes to an end');
      this.assertNothingWrong();
    }
  }

  assertNothingWrong(): void {
    if (this.postgres.deadlocks > 0) this.wrong(`${this.postgres.deadlocks} deadlocks`);
    assert.deepEqual(this.violations, [], `the story:\n  ${this.told.slice(-TOLD_MAX).join('\n  ')}`);
  }
}

/** A story's end takes some hundred. */
const CALM_STEPS_MAX = 20_000;
/** Of a story, from its end. */
const TOLD_MAX = 150;
