/**
 * Guests of one store, in a process of their own: what a crowd beside them takes of its client's time is not measured with them. For each
 * line of its input, a number of seconds, it orders as an open loop and says in one line what each order took, in milliseconds from when it
 * was due.
 */
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from './client.ts';

const { url, storeId, itemId, perSecond } = JSON.parse(process.argv[2]!) as OpenLoopOrders;

export interface OpenLoopOrders {
  readonly url: string;
  readonly storeId: string;
  readonly itemId: string;
  /** Orders. */
  readonly perSecond: number;
}

const client = createClient(url);

async function order(dueMs: number): Promise<number> {
  const { status, body } = await client.order(storeId, { lines: [{ itemId, quantity: 1 }] });
  if (status !== 201) throw new Error(`An order was refused: ${status} ${JSON.stringify(body)}`);
  return performance.now() - dueMs;
}

for await (const seconds of createInterface({ input: process.stdin })) {
  const startedMs = performance.now();
  const orders: Promise<number>[] = [];
  for (let sent = 0; sent < perSecond * Number(seconds); sent += 1) {
    const dueMs = startedMs + (1_000 * sent) / perSecond;
    await delay(Math.max(0, dueMs - performance.now()));
    orders.push(order(dueMs));
  }
  console.log(JSON.stringify(await Promise.all(orders)));
}
await client.close();
