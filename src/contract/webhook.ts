import Type, { type Static } from 'typebox';
import { Id, Time } from './common.ts';
import { OrderStatus } from './order.ts';

export const WebhookEventName = Type.Union([
  Type.Literal('order.placed'),
  Type.Literal('order.moved'),
  Type.Literal('order.changed'),
]);
export type WebhookEventName = Static<typeof WebhookEventName>;

/** As many as there are. */
const WEBHOOK_EVENTS_MAX = 3;

export const WebhookRequest = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 500, description: 'https address that takes the events as POST' }),
    events: Type.Array(WebhookEventName, { minItems: 1, maxItems: WEBHOOK_EVENTS_MAX, uniqueItems: true }),
  },
  { additionalProperties: false },
);
export type WebhookRequest = Static<typeof WebhookRequest>;

export const WebhookView = Type.Object({
  id: Id,
  url: Type.String(),
  events: Type.Array(WebhookEventName),
  failures: Type.Integer({ description: 'deliveries that failed since the last one that arrived' }),
  pausedAt: Type.Union([Time, Type.Null()], { description: 'set after too many failures in a row' }),
  secret: Type.Optional(Type.String({ description: 'signs the deliveries; only in the answer to POST' })),
});
export type WebhookView = Static<typeof WebhookView>;

export const WebhookList = Type.Object({ items: Type.Array(WebhookView), next: Type.Null() });

/** A line that staff changed after it was ordered. Its wishes are not in it: they may say who somebody is, and are read where the order is. */
const LineChange = Type.Object(
  {
    line: Type.Integer({ minimum: 1, description: 'its place in the order, as it was sent' }),
    itemId: Id,
    from: Type.Integer({ description: 'how many there were' }),
    quantity: Type.Integer({ description: 'how many there are; 0: all of it was taken off' }),
    madeOtherwise: Type.Boolean({ description: 'whether its options or its note are other ones now: read the order' }),
    difference: Type.Integer({ description: 'what the order costs more for it; below zero: less' }),
  },
  { description: 'of `order.changed`' },
);

/** The body of a delivery. The same event keeps its id through every retry, so a receiver can tell a double. */
export const WebhookDelivery = Type.Object({
  id: Type.String({ description: '<store>:<order>:<seq>; of `order.changed`: <store>:<order>:<UUIDv7 of the change>' }),
  event: WebhookEventName,
  storeId: Id,
  orderId: Id,
  number: Type.Integer(),
  seq: Type.Integer({
    minimum: 1,
    description:
      'place among the order’s events; deliveries may overtake each other; of `order.changed`: that of the last status before it',
  }),
  status: OrderStatus,
  at: Time,
  portionsReturned: Type.Optional(
    Type.Boolean({ description: 'of a cancel: whether its portions can be sold again, or were waste' }),
  ),
  change: Type.Optional(LineChange),
});
export type WebhookDelivery = Static<typeof WebhookDelivery>;
