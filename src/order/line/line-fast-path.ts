import { PROBLEMS, UUID_V7_PATTERN } from '../../contract/index.ts';
import { SECURITY_HEADERS } from '../../platform/http/answer/security-headers.ts';
import type { Asked } from '../../platform/http/fast-path/request-head.ts';
import { type WireMessage, WireTemplate } from '../../platform/http/fast-path/wire-answer.ts';
import type { OrderInLine, OrderLine } from '../../platform/overload/admission.ts';
import type { OrderRef } from '../ports.ts';
import type { Sender } from './given-places.ts';
import type { Place } from './place-token.ts';
import { LINE_PLACE } from './routes.ts';
import type { VirtualLine } from './virtual-line.ts';

const BEFORE = '/api/v1/stores/';
const LINE = '/line';
const ORDERS = '/orders';
const UUID_V7 = new RegExp(UUID_V7_PATTERN);

/** What a process knows of lines before it parses a request. */
export interface LineFastPath extends OrderLine {
  /** How far a place has come; undefined: the ordinary route answers. */
  ready(asked: Asked): WireMessage | undefined;
}

/**
 * Who waits asks often, and who is refused is many: both are answered from a request's head, by texts that are ready but for a place and
 * its numbers. Of the body only the table is looked for, as a table has no more than its places.
 * @param storeIdIn the id of the store that a path names, where this process knows it without asking anybody
 * @param clientOf unset: clients are not told apart
 */
export function createLineFastPath(
  line: VirtualLine,
  storeIdIn: (path: string) => string | undefined,
  clientOf?: (asked: Asked) => string,
): LineFastPath {
  function storeOf({ method, url }: Asked, wanted: string, suffix: string): string | undefined {
    if (method !== wanted || !url.startsWith(BEFORE) || !url.endsWith(suffix)) return undefined;
    const name = url.slice(BEFORE.length, -suffix.length);
    return name.includes('/') ? undefined : storeIdIn(url);
  }

  return {
    ready(asked) {
      const storeId = storeOf(asked, 'GET', LINE);
      const place = storeId === undefined ? undefined : line.read(asked.header(LINE_PLACE), storeId);
      return place && LOOK.fill(JSON.stringify(line.look(place)));
    },
    find(asked) {
      const storeId = storeOf(asked, 'POST', ORDERS);
      const key = storeId === undefined ? undefined : asked.header('idempotency-key');
      if (storeId === undefined || key === undefined || !UUID_V7.test(key)) return undefined;
      const id = key.toLowerCase();
      const sender = clientOf && (() => ({ client: clientOf(asked), table: tableIn(asked) }));
      return new AskedOrder(line, { storeId, id }, line.read(asked.header(LINE_PLACE), storeId, id), sender);
    },
  };
}

/** The table that an order's body names, as JSON has it; a note that says the same has its quotes escaped. */
const TABLE = /"table"\s*:\s*("(?:[^"\\]|\\.){1,200}"|\d{1,4})/;

/** @returns null where the order is for no table, or whose body has not come yet: it counts as its client's alone */
function tableIn(asked: Asked): string | null {
  const found = TABLE.exec(asked.body?.() ?? '')?.[1];
  if (found === undefined) return null;
  try {
    return String(JSON.parse(found));
  } catch {
    return null;
  }
}

/** The order that is asked for, and the place that it has. */
class AskedOrder implements OrderInLine {
  readonly #line: VirtualLine;
  readonly #order: OrderRef;
  readonly #place: Place | undefined;
  readonly #sender: (() => Sender) | undefined;

  constructor(line: VirtualLine, order: OrderRef, place: Place | undefined, sender: (() => Sender) | undefined) {
    this.#line = line;
    this.#order = order;
    this.#place = place;
    this.#sender = sender;
  }

  get isAdmitted(): boolean {
    return this.#place !== undefined && this.#line.mayEnter(this.#order.storeId, this.#place);
  }

  get mustWait(): boolean {
    return !this.#line.mayEnter(this.#order.storeId, this.#place);
  }

  refusal(retryAfterS: number): WireMessage | undefined {
    const place = this.#line.give(this.#order, this.#place, this.#sender?.());
    if (!place) return undefined;
    const { token, ahead, etaSeconds } = place;
    return refusalIn(retryAfterS).fill(`${REFUSED}{"token":"${token}","ahead":${ahead},"etaSeconds":${etaSeconds}}}`);
  }
}

const HEADERS = [...Object.entries(SECURITY_HEADERS).flat(), 'cache-control', 'no-store'];
const LOOK = new WireTemplate(200, [...HEADERS, 'content-type', 'application/json; charset=utf-8']);

/** All of a refusal's body but its place, which comes last. */
const REFUSED = `${JSON.stringify({
  type: 'busy',
  title: PROBLEMS.busy.title,
  status: PROBLEMS.busy.status,
  detail: 'Too many guests at once; this order has a place in the line.',
}).slice(0, -1)},"place":`;

/** By the seconds after which to come again; there are a handful. */
const refusals = new Map<number, WireTemplate>();

function refusalIn(retryAfterS: number): WireTemplate {
  let known = refusals.get(retryAfterS);
  if (!known) {
    const headers = [...HEADERS, 'retry-after', String(retryAfterS), 'content-type', 'application/problem+json'];
    known = new WireTemplate(PROBLEMS.busy.status, headers);
    refusals.set(retryAfterS, known);
  }
  return known;
}
