import { newId } from '../../src/platform/id.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { startServer } from '../support/processes.ts';
import { type BenchRow, median } from '../support/row.ts';
import { inPairs, seededDatabase } from './seeded.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const FEW = 10;
const MANY = 1_000;
const ITEMS = 5;
const GROUP = 250;
const ROUNDS = 40;
const AT_ONCE = 5;

/** What a thousand stores cost beside ten: the list, one store by its name, and 250 orders at once, over 250 stores or over ten. */
export async function benchStores(database: BenchDatabase): Promise<BenchRow[]> {
  const few = await openFranchise(database, FEW);
  const many = await openFranchise(database, MANY);
  try {
    const rows: BenchRow[] = [];
    for (const [name, ask] of Object.entries(few.asks)) {
      const askMany = many.asks[name]!;
      await inPairs(4, ask, askMany);
      const times = await inPairs(ROUNDS, ask, askMany);
      const ms = (values: readonly number[]) => `${median(values).toFixed(1)} ms`;
      rows.push({
        what: `stores: ${name}, ${MANY.toLocaleString('en')} ÷ ${FEW}`,
        ours: ms(times.large),
        baseline: ms(times.small),
        ratio: median(times.large.map((value, round) => value / times.small[round]!)),
        goal: { atMost: 1.5 },
      });
    }
    return rows;
  } finally {
    await Promise.all([few.close(), many.close()]);
  }
}

async function openFranchise(database: BenchDatabase, stores: number) {
  const { url, db } = await seededDatabase(database, `stores_${stores}`, { stores, items: ITEMS, orders: 0 });
  const { rows: dishes } = await db.query<{ slug: string; storeId: string; itemId: string }>(
    `SELECT DISTINCT ON (s.slug) s.slug, s.id AS "storeId", i.id AS "itemId" FROM store s JOIN item i ON i.store_id = s.id
     WHERE NOT i.sold_out AND NOT i.archived
       AND NOT EXISTS (SELECT FROM option_group g WHERE g.store_id = i.store_id AND g.item_id = i.id AND g.min > 0)
     ORDER BY s.slug, i.position`,
  );
  // Nothing may sell out while it is measured.
  await db.query('UPDATE stock SET offered = NULL');
  await db.close();
  const server = await startServer(MATJIP, { PORT: '0', DATABASE_URL: url, BENCH_JOBS: 'off', OVERLOAD: 'off' });
  const api = `http://127.0.0.1:${server.port}/api/v1/stores`;
  const ask = async (path: string, init?: RequestInit): Promise<void> => {
    const answer = await fetch(api + path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  };
  const order = ({ storeId, itemId }: (typeof dishes)[number]) =>
    ask(`/${storeId}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ lines: [{ itemId, quantity: 1 }] }),
    });
  // Each store's first visitor asks the database; what is compared is the thousand that are known.
  for (const { slug } of dishes) await ask(`/${slug}`);
  let next = 0;
  const repeat = (work: () => Promise<void>) => async () => {
    for (let times = 0; times < AT_ONCE; times += 1) await work();
  };
  return {
    asks: {
      'the list of stores': repeat(() => ask(`?limit=${FEW}`)),
      'a store by its name': repeat(() => ask(`/${dishes[next++ % dishes.length]!.slug}`)),
      [`${GROUP} orders at once`]: async () => {
        await Promise.all(Array.from({ length: GROUP }, (_, guest) => order(dishes[guest % dishes.length]!)));
      },
    } as Record<string, () => Promise<void>>,
    close: () => server.stop(),
  };
}
