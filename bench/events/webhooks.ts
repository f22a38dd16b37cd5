import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { load } from '../support/processes.ts';
import { type BenchRow, median } from '../support/row.ts';
import { openBenchShop } from './shop.ts';

const ORDERS_PER_SECOND = 200;
const ROUNDS = 5;

/**
 * What a guest waits while the store's webhook hangs: nothing when it goes into the job queue, and the webhook's whole
 * time-out when it is told inside the request.
 */
export async function benchHangingWebhook(database: BenchDatabase): Promise<BenchRow[]> {
  const dish = await hotDish(database);
  // Takes every connection and says nothing.
  const hanging = createServer(() => {}).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const target = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`;

  async function p99Ms(effects: 'queued' | 'inline', withWebhook: boolean): Promise<number> {
    const shop = await openBenchShop(database.url, dish, { EFFECTS: effects, WEBHOOK_ALLOW_PRIVATE: 'on' });
    try {
      if (withWebhook) await shop.owner('POST', '/webhooks', { url: target, events: ['order.placed'] });
      const { p99Ms: p99, byStatus } = await load({
        host: '127.0.0.1',
        port: shop.server.port,
        connections: 32,
        warmupMs: 1_000,
        durationMs: 8_000,
        perSecondMax: ORDERS_PER_SECOND,
        request: { kind: 'order', path: `/api/v1/stores/${dish.storeId}/orders`, itemIds: [dish.itemId] },
      });
      if (!byStatus['201']) throw new Error(`No order was taken: ${JSON.stringify(byStatus)}`);
      return p99;
    } finally {
      for (const { id } of (await shop.owner('GET', '/webhooks')).items) await shop.owner('DELETE', `/webhooks/${id}`);
      await shop.server.stop();
    }
  }

  try {
    const without: number[] = [];
    const queued: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(await p99Ms('queued', false));
      queued.push(await p99Ms('queued', true));
    }
    const inline = await p99Ms('inline', true);
    const [free, hung] = [median(without), median(queued)];
    const baseline = `no webhook ${free.toFixed(1)} ms`;
    return [
      {
        what: 'p99 of acceptance, a webhook hangs, queued',
        ours: `${hung.toFixed(1)} ms`,
        baseline,
        ratio: median(queued.map((each, round) => each / without[round]!)),
        goal: { atMost: 1.2 },
      },
      { what: 'the same, inline', ours: `${inline.toFixed(0)} ms`, baseline, ratio: inline / free },
    ];
  } finally {
    hanging.closeAllConnections();
    hanging.close();
  }
}
