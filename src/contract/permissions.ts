/** Strongest first. `owner` may do everything, `manager` runs a store, `hall` and `kitchen` work in it. */
export const ROLES = ['owner', 'manager', 'hall', 'kitchen'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who may ask a route: `all`; `guest`: whoever has the order's or the place's own token, and the store's staff; otherwise staff with
 * one of these roles at the store in the address, or everywhere where the address has none.
 */
export type Who = 'all' | 'guest' | readonly Role[];

const OWNER = ['owner'] as const;
const OFFICE = ['owner', 'manager'] as const;
const FLOOR = ['owner', 'manager', 'hall', 'kitchen'] as const;
const COOKS = ['owner', 'manager', 'kitchen'] as const;
const HALL = ['owner', 'manager', 'hall'] as const;
const S = '/api/v1/stores/:store';

/**
 * Every route of the API and who may ask it: the one table that the server, the pages and the tests read. A route that is not in it
 * stops the start.
 */
export const PERMISSIONS: Readonly<Record<string, Who>> = {
  'GET /api/v1/stores': 'all',
  'POST /api/v1/stores': OWNER,
  [`GET ${S}`]: 'all',
  [`PUT ${S}`]: OFFICE,
  [`GET ${S}/settings`]: OFFICE,
  [`PUT ${S}/state`]: FLOOR,
  [`GET ${S}/table-links`]: FLOOR,
  [`POST ${S}/table-links/rotate`]: OFFICE,

  [`GET ${S}/menu`]: 'all',
  [`GET ${S}/stock`]: 'all',
  [`PUT ${S}/items/:item`]: COOKS,
  // In each of the other stores, too, or that store is left alone.
  [`POST ${S}/menu-push/preview`]: OFFICE,
  [`POST ${S}/menu-push`]: OFFICE,
  [`GET ${S}/photos`]: OFFICE,
  [`POST ${S}/photos`]: OFFICE,
  [`GET ${S}/menu-file`]: OFFICE,
  [`POST ${S}/menu-file/preview`]: OFFICE,
  [`PUT ${S}/menu-file`]: OFFICE,
  [`GET ${S}/ranking`]: 'all',
  'GET /api/v1/ranking': 'all',

  [`POST ${S}/orders`]: 'all',
  [`GET ${S}/line`]: 'all',
  [`GET ${S}/orders/:id`]: 'guest',
  [`DELETE ${S}/orders/:id`]: 'guest',
  [`GET ${S}/orders/:id/events`]: 'guest',
  [`PUT ${S}/orders/:id/lines/:line`]: HALL,
  [`PUT ${S}/orders/:id/lines/:line/making`]: HALL,

  [`GET ${S}/orders/:id/bill`]: 'guest',
  [`GET ${S}/orders/:id/bill/events`]: 'guest',

  [`GET ${S}/orders/:id/payments`]: 'guest',
  [`POST ${S}/orders/:id/payments`]: 'guest',
  [`GET ${S}/orders/:id/payments/:payment`]: 'guest',
  [`DELETE ${S}/orders/:id/payments/:payment`]: 'guest',
  [`GET ${S}/payments/differences`]: OFFICE,
  // Whoever signs as the provider does.
  'POST /api/v1/payments/notifications': 'all',
  [`POST ${S}/visits`]: 'all',
  [`POST ${S}/calls`]: 'all',
  [`GET ${S}/calls`]: FLOOR,
  [`GET ${S}/calls/:call`]: 'all',
  [`POST ${S}/calls/:call/answer`]: FLOOR,

  [`GET ${S}/bills`]: HALL,
  [`POST ${S}/bills`]: HALL,
  [`GET ${S}/bills/events`]: HALL,
  [`GET ${S}/bills/:bill`]: HALL,
  [`POST ${S}/bills/:bill/payments`]: HALL,
  [`POST ${S}/bills/:bill/discounts`]: HALL,
  [`POST ${S}/bills/:bill/reversals`]: HALL,
  [`POST ${S}/bills/:bill/refunds`]: HALL,
  [`POST ${S}/bills/:bill/void`]: HALL,
  [`POST ${S}/bills/:bill/allow`]: HALL,
  [`POST ${S}/bills/:bill/move`]: HALL,
  [`POST ${S}/bills/:bill/merge`]: HALL,
  [`POST ${S}/bills/:bill/split`]: HALL,
  [`POST ${S}/bills/:bill/receipt`]: HALL,
  [`GET ${S}/till`]: OFFICE,
  [`GET ${S}/coupons`]: HALL,
  [`POST ${S}/coupons`]: OFFICE,
  [`DELETE ${S}/coupons/:coupon`]: OFFICE,

  [`GET ${S}/kitchen/tickets`]: FLOOR,
  [`GET ${S}/kitchen/events`]: FLOOR,
  [`POST ${S}/kitchen/tickets/:id/advance`]: FLOOR,
  [`PUT ${S}/kitchen/tickets/:id/lines/:line`]: FLOOR,
  [`GET ${S}/pacing`]: FLOOR,
  [`PUT ${S}/pacing`]: OFFICE,
  [`GET ${S}/print/:station/next`]: FLOOR,
  [`POST ${S}/print/:station/:id/done`]: FLOOR,
  [`GET ${S}/door`]: 'all',
  [`GET ${S}/door/events`]: 'all',
  [`GET ${S}/board`]: 'all',
  [`GET ${S}/board/events`]: 'all',

  [`POST ${S}/waitlist`]: 'all',
  [`GET ${S}/waitlist`]: FLOOR,
  [`GET ${S}/waitlist/:party`]: 'guest',
  [`DELETE ${S}/waitlist/:party`]: 'guest',
  [`GET ${S}/waitlist/:party/events`]: 'guest',
  [`POST ${S}/waitlist/:party/step-back`]: 'guest',
  [`POST ${S}/waitlist/:party/seat`]: FLOOR,
  [`POST ${S}/waitlist/:party/no-show`]: FLOOR,
  [`POST ${S}/waitlist/call`]: FLOOR,
  [`PUT ${S}/waitlist/state`]: FLOOR,

  [`GET ${S}/sales`]: OFFICE,
  [`GET ${S}/sales/days`]: OFFICE,
  [`GET ${S}/sales/times`]: OFFICE,
  'GET /api/v1/sales/stores': OFFICE,
  [`GET ${S}/webhooks`]: OWNER,
  [`POST ${S}/webhooks`]: OWNER,
  [`DELETE ${S}/webhooks/:id`]: OWNER,
  [`POST ${S}/webhooks/:id/resume`]: OWNER,

  'POST /api/v1/sessions': 'all',
  'GET /api/v1/sessions/current': 'all',
  'DELETE /api/v1/sessions/current': 'all',
  'PUT /api/v1/sessions/current': 'all',
  'PUT /api/v1/sessions/current/pin': 'all',
  'POST /api/v1/invitations/look': 'all',
  'POST /api/v1/invitations/accept': 'all',
  [`GET ${S}/invitations`]: OFFICE,
  [`POST ${S}/invitations`]: OFFICE,
  [`DELETE ${S}/invitations/:invitation`]: OFFICE,
  [`GET ${S}/pins`]: FLOOR,
  [`POST ${S}/pins`]: FLOOR,
  'GET /api/v1/staff': OWNER,
  'POST /api/v1/staff': OWNER,
  'PUT /api/v1/staff/:id': OWNER,
  'DELETE /api/v1/staff/:id': OWNER,
  'GET /api/v1/staff-log': OWNER,
  [`GET ${S}/log`]: OFFICE,
  [`POST ${S}/stream-tickets`]: FLOOR,
  [`GET ${S}/devices`]: OFFICE,
  [`POST ${S}/devices`]: OFFICE,
  [`DELETE ${S}/devices/:device`]: OFFICE,

  'GET /api/v1/jobs/dead': OWNER,
  'POST /api/v1/jobs/dead/:id/replay': OWNER,
  'DELETE /api/v1/jobs/dead/:id': OWNER,
  'GET /api/v1/batch': OWNER,
  'GET /api/v1/ops': OWNER,
};
