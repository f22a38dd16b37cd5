import Type, { type TSchema } from 'typebox';
import { BillView } from './bill.ts';
import { PickUpBoard } from './board.ts';
import { Id } from './common.ts';
import { Ticket } from './kitchen.ts';
import { OrderEvent } from './order.ts';
import { Door, PartyView } from './waitlist.ts';
import { WebhookDelivery } from './webhook.ts';

/** Events that somebody outside a process can hear; `docs/guide/events.md` is made from this and held equal by a test. */
export interface EventKind {
  readonly name: string;
  readonly when: string;
  readonly data: TSchema;
}

export interface EventSource {
  readonly title: string;
  /** Where it is heard. */
  readonly at: string;
  readonly who: string;
  /** What a reader may rely on. */
  readonly promise: string;
  readonly events: readonly EventKind[];
}

export const EVENT_SOURCES: readonly EventSource[] = [
  {
    title: "An order's events",
    at: 'GET /api/v1/stores/{store}/orders/{id}/events',
    who: "the order's guest token (as Bearer, or as ?token=), or the store's staff",
    promise:
      'Server-Sent Events. Each has the id `seq`; a reader that sends it back as `Last-Event-ID` gets every later one, ' +
      'once and in order, from the database.',
    events: [
      { name: 'status', when: 'the order was placed, or went to another status', data: OrderEvent },
      {
        name: 'table',
        when: 'staff moved its guests to another table; it has no id, so whoever was away reads the order',
        data: Type.Object({ table: Type.String() }),
      },
      {
        name: 'changed',
        when: 'staff took dishes off the order, or changed how they are made: read it again; it has no id, so whoever was away reads the order',
        data: Type.Object({}),
      },
    ],
  },
  {
    title: "A bill's events",
    at: 'GET /api/v1/stores/{store}/orders/{id}/bill/events',
    who: "whoever has the guest token of one of the table's orders, or the store's staff",
    promise: 'Server-Sent Events. Each carries the whole bill, so the last one is all that matters.',
    events: [
      {
        name: 'bill',
        when: 'the page was opened, or an order, a payment or a discount came to the bill or went off it',
        data: BillView,
      },
    ],
  },
  {
    title: "The hall's bills",
    at: 'GET /api/v1/stores/{store}/bills/events',
    who: "the store's hall, managers and owners",
    promise: 'Server-Sent Events. It says which bills to read again.',
    events: [
      {
        name: 'bills',
        when: 'bills changed; `null`: any of them may have',
        data: Type.Object({ billIds: Type.Union([Type.Array(Id), Type.Null()]) }),
      },
    ],
  },
  {
    title: "A kitchen's events",
    at: 'GET /api/v1/stores/{store}/kitchen/events',
    who: "the store's kitchen key, or the owner's",
    promise:
      'Server-Sent Events. All open tickets come first, and again after a gap. A ticket may come twice; the one with the ' +
      'highest `version` is right.',
    events: [
      { name: 'ticket', when: 'a ticket was made, moved or cancelled', data: Ticket },
      { name: 'menu', when: "the store's menu changed: a price, a sold-out dish, a count", data: Type.Object({}) },
      { name: 'calls', when: 'a table called the staff, or was answered: read the calls again', data: Type.Object({}) },
    ],
  },
  {
    title: "A pick-up board's events",
    at: 'GET /api/v1/stores/{store}/board/events',
    who: 'everybody',
    promise: 'Server-Sent Events. Each carries the whole board, so the last one is all that matters.',
    events: [{ name: 'board', when: 'the page was opened, or a number moved', data: PickUpBoard }],
  },
  {
    title: "A party's events",
    at: 'GET /api/v1/stores/{store}/waitlist/{party}/events',
    who: "the party's token (as Bearer, or as ?token=), or the store's staff",
    promise:
      'Server-Sent Events. Each carries the whole party, so the last one is all that matters. Places follow a line that moves ' +
      'at most twice a second.',
    events: [{ name: 'party', when: 'the page was opened, or its state, place or minutes changed', data: PartyView }],
  },
  {
    title: "A door's events",
    at: 'GET /api/v1/stores/{store}/door/events',
    who: 'everybody',
    promise: 'Server-Sent Events. Each carries all of it, so the last one is all that matters.',
    events: [{ name: 'door', when: 'the page was opened, or the line or a call changed', data: Door }],
  },
  {
    title: 'Webhooks',
    at: 'POST to the address given to POST /api/v1/stores/{store}/webhooks',
    who: 'the receiver that the owner registered',
    promise:
      'At least once, possibly out of order: `id` tells a double, `seq` tells the order. A delivery that was not answered ' +
      'with 2xx within 5 s is tried again, up to 20 times, with pauses from half a second to five minutes; then it is a ' +
      'dead letter. A webhook at which nothing arrived for ten minutes is paused. `Matjip-Signature: t=<seconds>,v1=<hex>` ' +
      'is the HMAC-SHA256 of `<seconds>.<body>` under the secret; check it, and refuse what is older than five minutes.',
    events: [
      { name: 'order.placed', when: 'an order was placed', data: WebhookDelivery },
      { name: 'order.moved', when: 'an order went to another status', data: WebhookDelivery },
      {
        name: 'order.changed',
        when: 'staff took portions of a line off an order, or changed how it is made: an event for each line',
        data: WebhookDelivery,
      },
    ],
  },
];
