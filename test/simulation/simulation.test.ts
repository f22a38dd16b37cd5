import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProduct, type PlantedName } from './load-product.ts';
import { findFault, proveStories } from './prove.ts';

/** The same each time; the long run takes another one each time. */
const seed = Number(process.env.SEED ?? 20_261_128);

test('whatever fails between any two statements, no order, portion, number, event, ticket or place in the line is lost or there twice', async (t) => {
  t.diagnostic(`seed ${seed}, ${await proveStories(seed, 3_000, 80)} steps; more with npm run long`);
});

/** What the simulation says of each. */
const FOUND: Partial<Record<PlantedName, RegExp>> = {
  'acknowledges before the commit': /and its order is not there|that it waits, and is not there/,
  'returns the portions of a cancelled order twice': /the stock says|no order of what happened/,
  'drops an event of a stream': /saw event \d+ after|has seen \d+ of \d+ events/,
  'loses the place in the line of the last who joined together': /is not there|is lost|wait, and the head says/,
};

for (const [name, says] of Object.entries(FOUND) as [PlantedName, RegExp][]) {
  test(`a product that ${name} is found out`, async () => {
    const { runStory } = await loadProduct(name);
    const { message } = await findFault(runStory, { seed, storiesMax: 300, shrinks: false });
    assert.match(message, says);
  });
}
