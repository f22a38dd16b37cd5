import assert from 'node:assert/strict';
import type { Answer, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import type { House } from './scene.ts';

interface Asker {
  call(path: string, options?: { token?: string }): Promise<Answer>;
}

/** What the people of the other house were told. */
export interface Heard {
  asked: number;
  /** 503 with a time to come back after, which a machine with much else to do may say; anything else that is no answer is thrown. */
  busy: number;
}

/** The people of the other house: what they see, and how long it takes. */
export interface Neighbours {
  /** All that they asked so far. */
  readonly heard: Readonly<Heard>;
  /** Every list and page of theirs. */
  answers(): Promise<Json>;
  /** Looks at their order until `over` has come, at least once. @returns how long each look took */
  lookBeside<T>(over: Promise<T>): Promise<{ readonly value: T; readonly tookMs: readonly number[] }>;
}

const LISTS = [
  '/kitchen/tickets',
  '/bills',
  '/coupons',
  '/webhooks',
  '/devices',
  '/invitations',
  '/settings',
  '/calls',
];

/** @param clock unset: nobody looks while others are asked */
export function watchNeighbours(client: Asker, { id, order, party }: House, clock?: () => number): Neighbours {
  const S = `/api/v1/stores/${id}`;
  const heard = { asked: 0, busy: 0 };
  /** @returns undefined: it is busy */
  const ask = async (path: string, token?: string): Promise<Answer | undefined> => {
    const answer = await client.call(S + path, token === undefined ? {} : { token });
    heard.asked += 1;
    if (answer.status !== 503) return answer;
    heard.busy += 1;
    return answer.headers['retry-after'] === undefined ? answer : undefined;
  };
  return {
    heard,
    answers() {
      // Asked again when it is busy: that is counted, and is no answer.
      return eventually(async () => {
        const asked = [
          ...['', '/menu', '/board', '/ranking?window=day'].map((path) => ask(path)),
          ask(`/orders/${order.id}`, order.token),
          ask(`/waitlist/${party.id}`, party.token),
          ...LISTS.map((path) => ask(path, ADMIN_KEY)),
        ];
        const answers = await Promise.all(asked);
        return answers.includes(undefined) ? false : answers.map((answer) => [answer!.status, answer!.body]);
      });
    },
    async lookBeside(over) {
      const tookMs: number[] = [];
      let isOver = false;
      const ended = over.finally(() => {
        isOver = true;
      });
      ended.catch(() => {});
      while (clock && !isOver) {
        const beganMs = clock();
        const answer = await ask(`/orders/${order.id}`, order.token);
        if (answer) assert.equal(answer.status, 200);
        tookMs.push(clock() - beganMs);
      }
      return { value: await ended, tookMs };
    },
  };
}

/** The time within which 99 of 100 were answered; 0 of none. */
export const p99 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
