import { PROBLEMS, UUID_V7_PATTERN } from '../../contract/index.ts';
import type { Asked } from '../../platform/http/fast-path/request-head.ts';
import { WireAnswer } from '../../platform/http/fast-path/wire-answer.ts';
import { SECURITY_HEADERS } from '../../platform/http/security-headers.ts';
import type { OrderLine } from '../../platform/overload/admission.ts';
import { LINE_PLACE } from './routes.ts';
import type { VirtualLine } from './virtual-line.ts';

const BEFORE = '/api/v1/stores/';
const LINE = '/line';
const ORDERS = '/orders';
const UUID_V7 = new RegExp(UUID_V7_PATTERN);

/** What a process knows of lines before it parses a request. */
export interface LineAtHand extends OrderLine {
  /** How far a place has come; undefined: the ordinary route answers. */
  ready(asked: Asked): WireAnswer | undefined;
}

/**
 * Who waits asks often, and who is refused is many: both are answered from a request's head. Signing a place costs about as much as
 * writing to a socket, and nothing is parsed for it.
 * @param storeIdIn the id of the store that a path names, where this process knows it without asking anybody
 */
export function createLineAtHand(line: VirtualLine, storeIdIn: (path: string) => string | undefined): LineAtHand {
  function storeOf({ method, url }: Asked, wanted: string, suffix: string): string | undefined {
    if (method !== wanted || !url.startsWith(BEFORE) || !url.endsWith(suffix)) return undefined;
    const name = url.slice(BEFORE.length, -suffix.length);
    return name.includes('/') ? undefined : storeIdIn(url);
  }

  /** The order that is asked for, and the place that it has. */
  function orderOf(asked: Asked) {
    const storeId = storeOf(asked, 'POST', ORDERS);
    const key = storeId === undefined ? undefined : asked.header('idempotency-key');
    if (storeId === undefined || key === undefined || !UUID_V7.test(key)) return undefined;
    const id = key.toLowerCase();
    return { storeId, id, place: line.read(asked.header(LINE_PLACE), storeId, id) };
  }

  return {
    ready(asked) {
      const storeId = storeOf(asked, 'GET', LINE);
      const place = storeId === undefined ? undefined : line.read(asked.header(LINE_PLACE), storeId);
      return place && json(200, JSON.stringify(line.look(place)), []);
    },
    isAdmitted(asked) {
      const order = orderOf(asked);
      return order?.place !== undefined && line.mayEnter(order.storeId, order.place);
    },
    mustWait(asked) {
      const order = orderOf(asked);
      return order !== undefined && !line.mayEnter(order.storeId, order.place);
    },
    refusal(asked, retryAfterS) {
      const order = orderOf(asked);
      const place = order && line.give(order, order.place);
      if (!place) return undefined;
      const { status, title } = PROBLEMS.busy;
      const detail = 'Too many guests at once; this order has a place in the line.';
      const body = JSON.stringify({ type: 'busy', title, status, detail, place });
      return json(status, body, ['retry-after', String(retryAfterS)]);
    },
  };
}

const SECURITY = Object.entries(SECURITY_HEADERS).flat();

function json(status: number, body: string, headers: readonly string[]): WireAnswer {
  const type = status === 200 ? 'application/json; charset=utf-8' : 'application/problem+json';
  const bytes = Buffer.from(body);
  return new WireAnswer(
    status,
    [
      ...SECURITY,
      ...headers,
      'cache-control',
      'no-store',
      'content-type',
      type,
      'content-length',
      String(bytes.length),
    ],
    bytes,
  );
}
