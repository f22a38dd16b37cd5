import { setTimeout as delay } from 'node:timers/promises';
import { orderKey } from '../../rehearsal/crowd/order-key.ts';
import type { Client } from '../../test/support/client.ts';
import type { Scene } from '../scenario.ts';

/** An order that somebody is to follow. */
export interface FollowedOrder {
  readonly key: string;
  /** Its guest's. */
  readonly token: string;
}

/** At once. */
const ORDERING = 20;

/** Who hears that Matjip is full comes again after this; it is what it says at least. */
const COME_AGAIN_MS = 1_000;

/** Orders one dish so many times, each until it is taken. @throws Error for a refusal that is not for the moment */
export async function takeOrders(
  scene: Pick<Scene, 'random'>,
  client: Client,
  { storeId, itemId, count }: { readonly storeId: string; readonly itemId: string; readonly count: number },
): Promise<FollowedOrder[]> {
  const taken: FollowedOrder[] = [];
  let left = count;
  const order = async () => {
    while (left > 0) {
      left -= 1;
      const key = orderKey(scene.random, Date.now());
      const send = () => client.order(storeId, { lines: [{ itemId, quantity: 1 }] }, key);
      let { status, body } = await send();
      while (status === 503) {
        await delay(COME_AGAIN_MS);
        ({ status, body } = await send());
      }
      if (status !== 201 && status !== 200) throw new Error(`An order was refused: ${status} ${JSON.stringify(body)}`);
      taken.push({ key, token: body.token });
    }
  };
  await Promise.all(Array.from({ length: ORDERING }, order));
  return taken;
}

/** Where an order's guest follows it. */
export const eventsUrl = (url: string, storeId: string, { key, token }: FollowedOrder): string =>
  `${url}/api/v1/stores/${storeId}/orders/${key}/events?token=${token}`;
