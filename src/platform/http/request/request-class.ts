/**
 * What kinds of requests there are, the most important first: what a process that is full serves before what. Bounds by class
 * (admission, streams, database connections) use these words and this order.
 */
export const REQUEST_CLASSES = [
  /** Whether the process lives and what it counts. */
  'probe',
  /** Kitchen, hall, owner, printers: whoever has a valid key of the store. Without them no order is ever finished. */
  'staff',
  /** An order that the virtual line has let in. */
  'admitted-order',
  /** An order that was acknowledged before and is sent again: its guest has a right to the same answer. Only the key tells. */
  'replay',
  /** A new order. */
  'order',
  /** A guest's look at what is their own: an order, a place in a line, its stream; and cancelling it. */
  'status',
  /** Menus, pages and their parts: cheap, as they lie ready, and many. */
  'menu',
  /** What everybody may ask and what may cost a look at the database: lists of stores, a store, boards, rankings. */
  'public',
  /** Streams that anybody may open, such as a pick-up board's. */
  'public-stream',
  /** Photos of dishes: the largest of all answers, and a menu can be read and ordered from without. */
  'photo',
] as const;

export type RequestClass = (typeof REQUEST_CLASSES)[number];

/** 0 is the most important. */
export const rankOf = (requestClass: RequestClass): number => REQUEST_CLASSES.indexOf(requestClass);

export interface RequestSigns {
  readonly method: string;
  /** As in the request's first line. */
  readonly url: string;
  /** The request carries a *valid* key of staff; anybody can send an invalid one. */
  readonly isStaff: boolean;
  /** It is an order with a place in the virtual line that was let in. */
  readonly isAdmitted?: boolean;
  /** It is an order under a key that has been acknowledged. */
  readonly isReplay?: boolean;
}

const STORES = '/api/v1/stores';

/** Of one path, without looking at anything but the request's first line and what the caller has found out. */
export function requestClassOf({ method, url, isStaff, isAdmitted, isReplay }: RequestSigns): RequestClass {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  if (path === '/healthz' || path === '/readyz' || path === '/metrics') return 'probe';
  if (isStaff) return 'staff';
  // Money that was taken, told by the provider: sent again when it is refused.
  if (path === '/api/v1/payments/notifications') return 'status';
  if (path.startsWith('/sandbox-pay/')) return 'public';
  if (!path.startsWith('/api/')) return path.startsWith('/photos/') ? 'photo' : 'menu';
  const [what, which, more] = path.startsWith(`${STORES}/`)
    ? path
        .slice(STORES.length + 1)
        .split('/', 4)
        .slice(1)
    : [];
  switch (what) {
    case 'menu':
      return which === undefined && isRead(method) ? 'menu' : 'public';
    case 'orders':
    case 'waitlist':
      if (which !== undefined)
        return more === undefined || more === 'events' || more === 'step-back' || more === 'bill' || more === 'payments'
          ? 'status'
          : 'public';
      if (method !== 'POST') return 'public';
      return isReplay ? 'replay' : isAdmitted ? 'admitted-order' : 'order';
    case 'calls':
      return more === undefined && (which !== undefined || method === 'POST') ? 'status' : 'public';
    case 'visits':
    case 'line':
      return 'status';
    default:
      return isStream(path) ? 'public-stream' : 'public';
  }
}

/** Whether an answer goes on for as long as somebody reads it. */
export const isStream = (url: string): boolean => /\/events(?:\?|$)/.test(url);

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';
