import type { MenuView } from '../../src/contract/index.ts';
import { type ChosenOrder, chooseOrder } from './choose-order.ts';
import { orderKey } from './order-key.ts';
import type { Random } from './random.ts';
import type { Kind } from './tally.ts';

/** Shares of what guests do; together 1. */
export interface Mix {
  readonly menu: number;
  /** What sells now. None where it is left out. */
  readonly ranking?: number;
  readonly order: number;
  readonly status: number;
}

/** The crowd of the event: most look, some order, some watch their order. */
export const EVENT_MIX: Mix = { menu: 0.8, order: 0.1, status: 0.1 };
/** The crowd of a rehearsal: some also look at what sells now. */
export const REHEARSAL_MIX: Mix = { menu: 0.7, ranking: 0.1, order: 0.1, status: 0.1 };

export interface GuestsOptions {
  readonly random: Random;
  /** `host:port`, for the Host header. */
  readonly host: string;
  readonly storeId: string;
  readonly menu: MenuView;
  /** Of that menu; those who are in the middle of their visit keep it on their phones already. */
  readonly etag: string | undefined;
  readonly mix: Mix;
  /** Phones at once. With a rate of R a second, a guest does something every `population / R` seconds: their think time. */
  readonly population: number;
  /** The same people all the time, each looking at orders of their own; otherwise they leave, and others come. */
  readonly stay?: boolean;
}

/** What one guest wants now, as it goes over the wire. */
export interface Wish {
  readonly kind: Kind;
  readonly guest: number;
  readonly text: string;
}

export interface Receipt {
  readonly id: string;
  readonly token: string;
}

/** After so many things a guest leaves, and somebody whose phone has no menu yet takes the place. */
const VISITS_MAX = 12;
/** Different orders made from one menu; enough that no dish stands out, few enough to be made in a moment. */
const ORDERS_KEPT = 500;
const RECEIPTS_MAX = 4_096;

/**
 * The people of one generator process, seeded. Each has a phone that keeps the menu's ETag and the receipt of the last order.
 * They act in turns, so that each thinks about as long between two things as any other.
 */
export class Guests {
  readonly #options: GuestsOptions;
  readonly #etags: (string | undefined)[];
  readonly #visits: Uint8Array;
  readonly #receipts: (Receipt | undefined)[];
  /** What others have ordered lately: friends at the table look at it as well. */
  readonly #recent: Receipt[] = [];
  #orders: ChosenOrder[] = [];
  #turn = 0;
  readonly #firstMenu: string;
  readonly #ranking: string;
  #asked = { etag: '', text: '' };

  constructor(options: GuestsOptions) {
    this.#options = options;
    const { population, random, host, storeId } = options;
    this.#receipts = new Array(population).fill(undefined);
    this.#visits = Uint8Array.from({ length: population }, () => 1 + random.integer(VISITS_MAX));
    const isNew = (visits: number) => visits === VISITS_MAX && !options.stay;
    this.#etags = Array.from(this.#visits, (visits) => (isNew(visits) ? undefined : options.etag));
    this.#firstMenu = `GET /api/v1/stores/${storeId}/menu HTTP/1.1\r\nhost: ${host}\r\naccept-encoding: gzip\r\n`;
    this.#ranking = `GET /api/v1/stores/${storeId}/ranking?window=hour&limit=10 HTTP/1.1\r\nhost: ${host}\r\naccept-encoding: gzip\r\n\r\n`;
    this.changeMenu(options.menu);
  }

  /** From now on guests order from this menu. */
  changeMenu(menu: MenuView): void {
    const orders: ChosenOrder[] = [];
    for (let tries = 0; tries < ORDERS_KEPT; tries++) {
      const order = chooseOrder(this.#options.random, menu);
      if (order) orders.push(order);
    }
    if (orders.length > 0) this.#orders = orders;
  }

  /** What the guest does whose turn it is. */
  next(): Wish {
    const guest = this.#turn;
    this.#turn = (guest + 1) % this.#options.population;
    return this.wish(guest);
  }

  /** What this guest does now. */
  wish(guest: number, mix: Mix = this.#options.mix): Wish {
    const { random, stay } = this.#options;
    if (!stay && this.#visits[guest]!-- === 0) {
      this.#visits[guest] = VISITS_MAX;
      this.#etags[guest] = undefined;
      this.#receipts[guest] = undefined;
    }
    const drawn = random.next();
    if (drawn < mix.order && this.#orders.length > 0) return { kind: 'order', guest, text: this.#orderText() };
    if (drawn < mix.order + mix.status) {
      const receipt = this.#receipts[guest] ?? this.#recent[random.integer(this.#recent.length)];
      if (receipt) return { kind: 'status', guest, text: this.#statusText(receipt) };
    }
    if (drawn >= 1 - (mix.ranking ?? 0)) return { kind: 'ranking', guest, text: this.#ranking };
    return { kind: 'menu', guest, text: this.#menuText(this.#etags[guest]) };
  }

  /** @param etag undefined after an answer that holds no menu */
  sawMenu(guest: number, etag: string | undefined): void {
    if (etag) this.#etags[guest] = etag;
  }

  ordered(guest: number, receipt: Receipt): void {
    this.#receipts[guest] = receipt;
    if (this.#recent.length < RECEIPTS_MAX) this.#recent.push(receipt);
    else this.#recent[this.#options.random.integer(RECEIPTS_MAX)] = receipt;
  }

  #menuText(etag: string | undefined): string {
    if (!etag) return `${this.#firstMenu}\r\n`;
    // Most phones keep the same menu, so the text of the last one mostly serves again.
    if (this.#asked.etag !== etag) this.#asked = { etag, text: `${this.#firstMenu}if-none-match: ${etag}\r\n\r\n` };
    return this.#asked.text;
  }

  #statusText({ id, token }: Receipt): string {
    const { host, storeId } = this.#options;
    return `GET /api/v1/stores/${storeId}/orders/${id} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n\r\n`;
  }

  #orderText(): string {
    const { host, storeId, random } = this.#options;
    const order = this.#orders[random.integer(this.#orders.length)]!;
    const body = JSON.stringify(order.request);
    const key = orderKey(random, Date.now());
    return `POST /api/v1/stores/${storeId}/orders HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nidempotency-key: ${key}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }
}
