import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

const PORTIONS = 100;
const BUYERS = 1_000;

export const oneHundredPortions: Scenario = {
  name: 'hundred-portions',
  fault: '1,000 buyers of 100 portions within two seconds, at 4 processes',
  seconds: 2,
  async run(scene) {
    const site = await openSite(scene, { workers: 4, portions: PORTIONS });
    const { stew } = site.store.dishes;
    const plan = {
      dishes: [{ id: stew.id, price: stew.price }],
      portionsMax: 1,
      guestsMax: BUYERS,
      perSecond: BUYERS / scene.seconds,
    };
    const { verdict, checks, timeline } = await underLoad(scene, site, plan, (crowd) => crowd.gone);
    const { rows } = await site.db.query<{ sold: number; remaining: number }>(
      `SELECT (SELECT coalesce(sum(quantity), 0) FROM order_line WHERE store_id = $1)::int AS sold, remaining
       FROM stock WHERE store_id = $1`,
      [site.store.id],
    );
    const told = new Set(timeline.lines.filter(({ problem }) => problem === 'sold-out').map(({ key }) => key));
    return [
      ...checks,
      { what: 'portions sold', measured: rows[0]!.sold, atLeast: PORTIONS, atMost: PORTIONS },
      { what: 'portions left', measured: rows[0]!.remaining, atMost: 0 },
      {
        what: 'buyers told yes or sold out',
        measured: verdict.acknowledged + told.size,
        atLeast: BUYERS,
        atMost: BUYERS,
      },
    ];
  },
};
