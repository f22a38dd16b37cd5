import { Problem } from '../../src/platform/http/problem.ts';
import { findContradiction, type Operation } from '../linearizability/counter.ts';
import { DAILY_LIMIT, LIMITED, PLENTY, STORES } from './scene.ts';
import type { World } from './world.ts';

interface Guest {
  readonly key: string;
  readonly storeId: string;
  readonly portions: Readonly<Record<string, number>>;
  readonly sentAt: number;
  /** Of the first answer that said yes. */
  heardAt: number;
  number: number | undefined;
  isRefused: boolean;
  /** Tries whose answers may still come. */
  open: number;
}

interface Follower {
  readonly guest: Guest;
  place: number;
  last: number;
  close(): void;
}

/** Everybody who orders, asks again, takes back, cooks and looks, and what they were told. */
export class Guests {
  readonly all: Guest[] = [];
  readonly #world: World;
  readonly #operations = new Map<string, Operation[]>(STORES.map(({ id }) => [id, []]));
  readonly #cancels = new Map<string, { sentAt: number; heardAt: number }>();
  readonly #followers: Follower[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  #process = (which: number) => this.#world.places[which % 2]!.process;
  /** One of those who have been told yes. */
  #taken(which: number): Guest | undefined {
    const taken = this.all.filter(({ number }) => number !== undefined);
    return taken[which % taken.length];
  }

  order(which: number, how: number): void {
    const storeId = STORES[Math.floor(how / 3) % 5 === 0 ? 1 : 0]!.id;
    // Ids are compared by Postgres as they are here: by their text.
    const key = `01a00000-0000-7000-8000-${String(this.all.length + 1).padStart(12, '0')}`;
    const portions =
      how % 6 === 5 ? { [PLENTY]: 1 } : { [LIMITED]: 1 + (how % 3), ...(how % 2 === 0 && { [PLENTY]: 1 }) };
    const guest: Guest = {
      key,
      storeId,
      portions,
      sentAt: this.#world.steps,
      heardAt: Number.POSITIVE_INFINITY,
      number: undefined,
      isRefused: false,
      open: 0,
    };
    this.all.push(guest);
    this.#send(guest, which);
  }

  /** The same key and body again, wherever. */
  again(which: number, how: number): void {
    const guest = this.all[how % this.all.length];
    if (guest && !guest.isRefused) this.#send(guest, which);
  }

  #send(guest: Guest, which: number): void {
    const { key, storeId, portions } = guest;
    const process = this.#process(which);
    const world = this.#world;
    world.say(
      `${tail(key)} asks ${process.name} of ${storeId.at(-1)} for ${portions[LIMITED] ?? 0} limited, ${portions[PLENTY] ?? 0} other`,
    );
    const sentAt = world.steps;
    guest.open += 1;
    const { lives } = world.places[which % 2]!;
    void world.ask(tail(key), process.order(storeId, key, portions)).then((answer) => {
      if (lives === world.places[which % 2]!.lives) guest.open -= 1;
      if (answer === undefined) return;
      if (answer instanceof Problem) {
        if (answer.type === 'sold-out') this.#refused(guest, sentAt, answer);
        else if (answer.type !== 'busy' && answer.type !== 'unavailable')
          world.wrong(`${tail(key)} was told ${answer.type}`);
        return;
      }
      this.#acknowledged(guest, answer.order.number);
    });
  }

  #refused(guest: Guest, sentAt: number, problem: Problem): void {
    const items = problem.toBody().items as { itemId: string; remaining: number }[];
    const { remaining } = items.find(({ itemId }) => itemId === LIMITED)!;
    const effect = { kind: 'refused', quantity: guest.portions[LIMITED]!, remaining } as const;
    this.#world.told.push(`   ${tail(guest.key)} hears that ${remaining} remain`);
    this.#operations.get(guest.storeId)!.push({ what: tail(guest.key), sentAt, heardAt: this.#world.steps, effect });
    // A refused key may be tried again, and be taken then.
    guest.isRefused = guest.number === undefined;
  }

  #acknowledged(guest: Guest, number: number): void {
    const world = this.#world;
    world.told.push(`   ${tail(guest.key)} hears yes, with number ${number}`);
    guest.heardAt = Math.min(guest.heardAt, world.steps);
    if (guest.number !== undefined && guest.number !== number)
      world.wrong(`${tail(guest.key)} heard the numbers ${guest.number} and ${number}`);
    guest.number = number;
    const order = world.postgres.row('orders', guest.storeId, guest.key);
    if (!order) world.wrong(`${tail(guest.key)} was told yes and its order is not there`);
    else if (order.number !== number) world.wrong(`${tail(guest.key)} was told ${number} and has ${order.number}`);
  }

  cancel(which: number, how: number): void {
    const guest = this.#taken(how);
    if (!guest) return;
    const process = this.#process(which);
    this.#world.say(`${tail(guest.key)} is taken back at ${process.name}`);
    // After what was heard at the step before.
    const sentAt = this.#world.steps;
    const cancel = this.#cancels.get(guest.key) ?? { sentAt, heardAt: Number.POSITIVE_INFINITY };
    this.#cancels.set(guest.key, cancel);
    void this.#world.ask('a cancel', process.cancel(guest.storeId, guest.key)).then((answer) => {
      if (answer === undefined || answer instanceof Problem) return;
      cancel.heardAt = Math.min(cancel.heardAt, this.#world.steps);
      if (this.#world.postgres.row('orders', guest.storeId, guest.key)?.status !== 'cancelled')
        this.#world.wrong(`${tail(guest.key)} was told that it is cancelled, and goes on`);
    });
  }

  cook(which: number, how: number): void {
    const guest = this.#taken(how);
    if (!guest) return;
    this.#world.say(`${tail(guest.key)} is cooked at ${this.#process(which).name}`);
    void this.#world.ask('a cook', this.#process(which).cook(guest.storeId, guest.key));
  }

  follow(which: number, how: number): void {
    const guest = this.#taken(how);
    if (!guest) return;
    const follower: Follower = { guest, place: which % 2, last: 0, close() {} };
    this.#followers.push(follower);
    this.#open(follower);
  }

  #open(follower: Follower): void {
    const { guest, place } = follower;
    const { process } = this.#world.places[place]!;
    this.#world.say(`${tail(guest.key)} follows its order at ${process.name} from event ${follower.last}`);
    const stream = process.follow(guest.storeId, guest.key, follower.last, (seq) => {
      if (seq !== follower.last + 1) this.#world.wrong(`${tail(guest.key)} saw event ${seq} after ${follower.last}`);
      follower.last = seq;
    });
    follower.close = () => stream.end();
    // What cannot be read ends the stream, and the page comes back.
    stream.onClose(() => {
      follower.close = () => {};
    });
  }

  /** Pages whose process was killed come back, with what they have seen. */
  replaced(place: number): void {
    for (const guest of this.all) guest.open = 0;
    for (const follower of this.#followers) if (follower.place === place) this.#open(follower);
  }

  /** Whoever has not heard asks again. @returns whether there were any */
  insist(which: number): boolean {
    const unheard = this.all.filter(({ number, isRefused }) => number === undefined && !isRefused);
    for (const guest of unheard) this.#send(guest, which);
    return unheard.length > 0;
  }

  /** Streams that ended because nothing could be read are opened again. */
  reopen(): void {
    for (const follower of this.#followers) {
      follower.close();
      this.#open(follower);
    }
  }

  /** When all is calm: what was told is what is so, and everything that follows from it has happened once. */
  judge(): void {
    const { postgres } = this.#world;
    const wrong = (what: string) => this.#world.wrong(what);
    for (const { key, storeId } of this.all) {
      const order = postgres.row('orders', storeId, key);
      if (!order) continue;
      const ticket = postgres.row('ticket', storeId, key);
      if (order.status !== 'cancelled' && ticket?.status !== 'placed') wrong(`${tail(key)} has no ticket`);
      if (order.status === 'cancelled' && ticket?.status === 'placed') wrong(`${tail(key)} is cooked though cancelled`);
      if (order.status === 'cancelled' && !this.#cancels.has(key)) wrong(`${tail(key)} was cancelled by nobody`);
      const events = postgres.rows('order_event').filter(({ orderId }) => orderId === key);
      const last = events.toSorted((a, b) => a.seq - b.seq).at(-1)!;
      if (last.seq !== events.length || last.status !== order.status)
        wrong(`${tail(key)} has other events than its status`);
    }
    for (const { guest, last } of this.#followers) {
      const events = postgres.rows('order_event').filter(({ orderId }) => orderId === guest.key);
      if (last !== events.length) wrong(`${tail(guest.key)} has seen ${last} of ${events.length} events`);
    }
    for (const { id } of STORES) this.#judgeStock(id);
  }

  #judgeStock(storeId: string): void {
    const { postgres } = this.#world;
    const operations = [...this.#operations.get(storeId)!];
    for (const { key, portions, sentAt, heardAt, storeId: at } of this.all) {
      const order = at === storeId ? postgres.row('orders', at, key) : undefined;
      if (!order) continue;
      const quantity = portions[LIMITED] ?? 0;
      const { day, number } = order;
      operations.push({ what: tail(key), sentAt, heardAt, effect: { kind: 'taken', quantity, day, number } });
      const back = postgres.rows('order_event').find((event) => event.orderId === key && event.status === 'cancelled');
      const cancel = this.#cancels.get(key);
      if (back?.portionsReturned && cancel)
        operations.push({ what: `${tail(key)} back`, ...cancel, effect: { kind: 'returned', quantity, day } });
    }
    const first = { day: '2026-11-27', number: 0, remaining: DAILY_LIMIT };
    const contradiction = findContradiction(operations, first, DAILY_LIMIT);
    if (contradiction) {
      const { state, stuck, after } = contradiction;
      this.#world.wrong(
        `no order of what happened at store ${storeId.at(-1)} explains it: after ${after.map(({ what }) => what).join(', ')} there is ${JSON.stringify(state)}, then ${JSON.stringify(stuck)}`,
      );
    }
    const stock = postgres.row('stock', storeId, LIMITED)!;
    const sold = this.all.reduce((sum, { key, portions, storeId: at }) => {
      const order = at === storeId ? postgres.row('orders', at, key) : undefined;
      if (order?.day !== stock.day) return sum;
      const back = postgres.rows('order_event').some((event) => event.orderId === key && event.portionsReturned);
      return back ? sum : sum + (portions[LIMITED] ?? 0);
    }, 0);
    if (stock.sold !== sold || sold > stock.offered!)
      this.#world.wrong(
        `${sold} of ${stock.offered} were sold at store ${storeId.at(-1)}, and the stock says ${stock.sold}`,
      );
  }
}

const tail = (key: string): string => `order ${Number(key.slice(-4))}`;
