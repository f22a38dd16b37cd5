import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  attributesForStation,
  DISH_ATTRIBUTE_NAMES,
  type DishAttributeName,
  dishAttribute,
} from '../../src/contract/dish-attributes.ts';
import { slipText } from '../../src/kitchen/printing/agent/slip-text.ts';
import { newId } from '../../src/platform/id.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY, openShop } from './shop.ts';
import { bearer, openSse } from './sse.ts';

const shop = await openShop({ after });
const statusOf = async (order: { id: string; token: string }) =>
  (await shop.call(`/orders/${order.id}`, { token: order.token })).body.status;

test('items go to their stations: a ticket each, and the order is as far as its slowest', async () => {
  const order = await shop.order(['stew', 'beer', 'soju'], '5');
  const soup = await shop.ticketOf(order.id, 'soup');
  const drinks = await shop.ticketOf(order.id, 'drinks');
  assert.deepEqual(drinks.lines.map(({ name }) => name.en).sort(), ['beer', 'soju']);
  assert.equal((await shop.advance(drinks, 'ready')).status, 200);
  assert.equal(await statusOf(order), 'cooking');
  assert.equal((await shop.advance(soup, 'ready')).status, 200);
  assert.equal(await statusOf(order), 'ready');
});

test('what a menu file tells of a dish is on the guest’s menu, and what the kitchen must know on its ticket and slip', async () => {
  const last = (name: DishAttributeName) => Object.keys(dishAttribute(name).values).at(-1)!;
  const codes = Object.fromEntries(DISH_ATTRIBUTE_NAMES.map((name) => [name, last(name)]));
  const importing = async (station: string, values: readonly string[]) => {
    const { headers } = await shop.call('/menu-file?format=csv', { token: ADMIN_KEY });
    return shop.call('/menu-file?partial=true', {
      method: 'PUT',
      token: ADMIN_KEY,
      headers: { 'content-type': 'text/csv', 'if-match': String(headers.etag) },
      body: `kind,code,station,${DISH_ATTRIBUTE_NAMES}\nitem,stew,${station},${values}\n`,
    });
  };
  const refused = await importing(
    'told',
    DISH_ATTRIBUTE_NAMES.map(() => 'no-such-thing'),
  );
  assert.equal(refused.status, 422);
  for (const name of DISH_ATTRIBUTE_NAMES) {
    const allowed = Object.keys(dishAttribute(name).values).join(', ');
    assert.ok(JSON.stringify(refused.body).includes(`none of ${allowed}`), name);
  }
  // By their names, as an owner writes them.
  const names = DISH_ATTRIBUTE_NAMES.map((name) => dishAttribute(name).values[last(name)]!.ko);
  const imported = await importing('told', names);
  assert.equal(imported.status, 200, JSON.stringify(imported.body));

  await eventually(async () => {
    const { body } = await shop.call('/menu');
    const dishes: { id: string; attributes?: object }[] = body.categories[0].items;
    assert.deepEqual(dishes.find(({ id }) => id === shop.store.dishes.stew.id)?.attributes, codes);
    assert.equal(dishes.find(({ id }) => id === shop.store.dishes.beer.id)?.attributes, undefined);
  });
  const order = await shop.order(['stew', 'beer'], '40');
  const ticket = await shop.ticketOf(order.id, 'told');
  assert.deepEqual(ticket.lines[0]!.attributes, codes);
  assert.equal((await shop.ticketOf(order.id, 'drinks')).lines[0]!.attributes, undefined);
  const slip = await shop.call('/print/told/next?wait=50', { token: shop.kitchenKey });
  assert.deepEqual(slip.body.lines[0].attributes, codes);
  const paper = slipText(slip.body, { columns: 48, language: 'ko', timeZone: 'Asia/Seoul' });
  for (const { label, value } of attributesForStation(codes)) {
    assert.ok(paper.includes(`* ${label.ko}: ${value.ko}`), paper);
  }
  for (const name of DISH_ATTRIBUTE_NAMES) {
    // "Not spicy" below a dish would look like somebody's wish.
    const granted = dishAttribute(name).goesWithoutSaying;
    if (granted) assert.deepEqual(attributesForStation({ [name]: granted }), [], name);
  }
  // What was told stays on the ticket; a dish that says it no more is told so from then on.
  const cleared = await importing(
    'soup',
    names.map(() => '-'),
  );
  assert.equal(cleared.status, 200);
  assert.deepEqual((await shop.ticketOf(order.id, 'told')).lines[0]!.attributes, codes);
});

test('a second order of a table is marked as an add-on, another table’s is not', async () => {
  const rounds = [];
  for (const table of ['11', '11', '12']) {
    const order = await shop.order(['stew'], table);
    rounds.push((await shop.ticketOf(order.id, 'soup')).round);
  }
  assert.deepEqual(rounds, [1, 2, 1]);
});

test('rounds are those of a visit: orders of one moment have their own, a cancelled first one leaves none, and who comes later is another party', async () => {
  const { db } = shop.api;
  const rounds = async (table: string, count = 1): Promise<number[]> => {
    const orders = await Promise.all(Array.from({ length: count }, () => shop.order(['stew'], table)));
    const tickets = await Promise.all(orders.map(({ id }) => shop.ticketOf(id, 'soup')));
    return tickets.map(({ round }) => round).sort((a, b) => a - b);
  };
  const change = (table: string, set: string) =>
    db.query(`UPDATE bill SET ${set} WHERE store_id = $1 AND table_label = $2 AND closed_at IS NULL`, [
      shop.store.id,
      table,
    ]);
  assert.deepEqual(await rounds('21', 3), [1, 2, 3]);
  // Ended by the hall.
  await change('21', 'closed_at = now()');
  assert.deepEqual(await rounds('21', 2), [1, 2]);
  // A shop that settles elsewhere closes none.
  await change('21', "ordered_at = ordered_at - interval '119 minutes'");
  assert.deepEqual(await rounds('21'), [3]);
  await change('21', "ordered_at = ordered_at - interval '120 minutes'");
  assert.deepEqual(await rounds('21', 2), [1, 2]);
  await change('21', 'round = 97');
  assert.deepEqual(await rounds('21', 3), [98, 99, 99]);

  const only = await shop.order(['stew'], '22');
  const { status } = await shop.call(`/orders/${only.id}`, { method: 'DELETE', token: ADMIN_KEY });
  assert.equal(status, 200);
  assert.deepEqual(await rounds('22'), [1]);
});

test('an old version is refused with the ticket as it is now, and an undo is a step like any other', async () => {
  const order = await shop.order();
  const ticket = await shop.ticketOf(order.id, 'soup');
  assert.equal((await shop.advance(ticket, 'cooking')).body.version, 2);
  const stale = await shop.advance(ticket, 'ready');
  assert.equal(stale.status, 409);
  assert.equal(stale.body.type, 'stale');
  assert.equal(stale.body.ticket.status, 'cooking');
  assert.equal(stale.body.ticket.version, 2);
  const undone = await shop.advance(stale.body.ticket, 'placed');
  assert.deepEqual([undone.status, undone.body.status, undone.body.version], [200, 'placed', 3]);
  assert.equal(await statusOf(order), 'placed');
});

test('of cooks who tap at once, one moves the ticket and the others are told', async () => {
  for (let round = 0; round < 10; round += 1) {
    const order = await shop.order();
    const ticket = await shop.ticketOf(order.id, 'soup');
    const taps = await Promise.all(['cooking', 'ready', 'cooking', 'served'].map((to) => shop.advance(ticket, to)));
    assert.deepEqual(taps.map(({ status }) => status).sort(), [200, 409, 409, 409]);
    const won = taps.find(({ status }) => status === 200)!.body;
    for (const lost of taps.filter(({ status }) => status === 409)) {
      assert.equal(lost.body.ticket.version, 2);
      assert.equal(lost.body.ticket.status, won.status);
    }
    assert.equal(await statusOf(order), won.status);
  }
});

test('a guest who takes back what a cook begins: exactly one of them gets it', async () => {
  const ends = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const order = await shop.order();
    const ticket = await shop.ticketOf(order.id, 'soup');
    const cancel = () => shop.call(`/orders/${order.id}`, { method: 'DELETE', token: order.token });
    const cook = () => shop.advance(ticket, 'cooking');
    const [first, second] = round % 2 ? [cancel(), cook()] : [cook(), cancel()];
    const [cancelled, cooked] = round % 2 ? [await first, await second] : [await second, await first];
    const status = await statusOf(order);
    ends.add(status);
    if (status === 'cancelled') {
      assert.equal(cancelled.status, 200);
      // Either the cook was too late, or never saw it begin.
      assert.equal(cooked.status, 409);
    } else {
      assert.deepEqual([cancelled.status, cancelled.body.type], [409, 'not-cancellable']);
      assert.equal(cooked.status, 200);
    }
    const { rows } = await shop.api.db.query('SELECT DISTINCT status FROM ticket WHERE order_id = $1', [order.id]);
    assert.deepEqual(rows, [{ status }]);
  }
  assert.ok(ends.size >= 1);
});

test('a line is ticked off for all screens, once, by number and not by version; what is served takes no tick', async () => {
  const order = await shop.order(['beer', 'soju']);
  const ticket = await shop.ticketOf(order.id, 'drinks');
  const { body: placed } = await shop.call(`/orders/${order.id}`, { token: order.token });
  assert.deepEqual([ticket.doneLines, ticket.promisedAt], [[], placed.promisedAt]);
  const tick = (line: number | string, done = true, id = ticket.id) =>
    shop.call(`/kitchen/tickets/${encodeURIComponent(id)}/lines/${line}`, {
      method: 'PUT',
      token: shop.kitchenKey,
      body: { done },
    });
  const ticks = await Promise.all([tick(0), tick(1), tick(1)]);
  assert.deepEqual(
    ticks.map(({ status }) => status),
    [200, 200, 200],
  );
  const ticked = (await shop.tickets()).find(({ id }) => id === ticket.id)!;
  assert.deepEqual([ticked.doneLines.sort(), ticked.version], [[0, 1], 3]);
  assert.deepEqual((await tick(0, false)).body.doneLines, [1]);
  for (const line of [2, '1e0', '-1']) assert.equal((await tick(line)).body.fields?.[0].field, 'line', `${line}`);
  assert.equal((await tick(0, true, `${newId()}:drinks`)).status, 404);
  assert.equal((await shop.advance(ticked, 'served', 4)).status, 200);
  const late = await tick(0);
  assert.deepEqual([late.status, late.body.type, late.body.ticket.status], [409, 'stale', 'served']);

  // It can be called back, whoever has been away meanwhile.
  const served = (await shop.call('/kitchen/tickets?status=served&station=drinks', { token: shop.kitchenKey })).body;
  assert.deepEqual([served.items[0].id, served.items[0].doneLines, served.next], [ticket.id, [1], null]);
  const odd = await shop.call('/kitchen/tickets?status=eaten', { token: shop.kitchenKey });
  assert.deepEqual([odd.status, odd.body.fields[0].field], [422, 'status']);
});

test('a cancelled order leaves the board at once, and its ticket cannot be moved', async () => {
  const order = await shop.order();
  const ticket = await shop.ticketOf(order.id, 'soup');
  const board = await openSse(shop.url('/kitchen/events'), bearer(shop.kitchenKey));
  await shop.call(`/orders/${order.id}`, { method: 'DELETE', token: order.token });
  await eventually(() => {
    assert.ok(board.events.some(({ data }) => data.id === ticket.id && data.status === 'cancelled'));
  });
  board.close();
  assert.equal((await shop.advance(ticket, 'cooking')).status, 409);
  assert.ok(!(await shop.tickets()).some(({ id }) => id === ticket.id));
});

test('an order from a clock that is most of a day slow is cooked, printed and called like any other', async () => {
  const key = newId(Date.now() - 23 * 3_600_000);
  const request = { lines: [{ itemId: shop.store.dishes.stew.id, quantity: 1 }] };
  const { status, body } = await shop.api.client.order(shop.store.id, request, key);
  assert.equal(status, 201);
  await shop.advance(await shop.ticketOf(key, 'soup'), 'ready');
  await eventually(async () => assert.ok((await shop.call('/board')).body.ready.includes(body.number)));
  // The slips of the tests above are in the way.
  await shop.api.db.query('UPDATE print_slip SET done_at = now() WHERE order_id <> $1', [key]);
  assert.equal((await shop.call('/print/soup/next?wait=50', { token: shop.kitchenKey })).body.orderId, key);
});

test('the kitchen’s order is when the shop took it: clocks of phones put nobody first, and no stranger at a table', async () => {
  const own = await openShop({ after }, { databaseUrl: shop.api.databaseUrl });
  // In the order in which they come: from clocks that are slow, fast, and right.
  const offsets = [0, -23, 23, -3, -23, 0].map((hours) => hours * 3_600_000);
  const keys: string[] = [];
  for (const offset of offsets) {
    const request = { table: '7', lines: [{ itemId: own.store.dishes.stew.id, quantity: 1 }] };
    const { status, body } = await own.api.client.order(own.store.id, request, newId(Date.now() + offset));
    assert.equal(status, 201);
    keys.push(body.id);
    await own.ticketOf(body.id, 'soup');
  }
  const tickets = await own.tickets();
  assert.deepEqual(
    tickets.map(({ orderId, round }) => [orderId, round]),
    keys.map((key, index) => [key, index + 1]),
  );
  // A page at a time, too.
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: { items: { orderId: string }[]; next: string | null } } = await own.call(
      `/kitchen/tickets?limit=2${cursor && `&cursor=${cursor}`}`,
      { token: own.kitchenKey },
    );
    paged.push(...body.items.map(({ orderId }) => orderId));
    cursor = body.next;
  }
  assert.deepEqual(paged, keys);
  const printed: string[] = [];
  for (const _ of keys) {
    const { body } = await own.call('/print/soup/next?wait=50', { token: own.kitchenKey });
    printed.push(body.orderId);
    assert.equal(
      (await own.call(`/print/soup/${body.id}/done`, { token: own.kitchenKey, method: 'POST' })).status,
      200,
    );
  }
  assert.deepEqual(printed, keys);
  // What no answer gave is no cursor.
  for (const cursor of ['x', '0.1.x:y', `1.1.${keys[0]}`, `999999999999999999.1.${keys[0]}:soup`]) {
    const query = `cursor=${Buffer.from(cursor).toString('base64url')}`;
    const { status, body } = await own.call(`/kitchen/tickets?${query}`, { token: own.kitchenKey });
    assert.deepEqual([status, body.fields?.[0]?.field], [422, 'cursor'], cursor);
  }
});

test('an honest order behind 795 prank orders is on the kitchen’s screen, in its list, and on paper in its turn', async (t) => {
  const own = await openShop(t, { databaseUrl: shop.api.databaseUrl });
  const { rowCount } = await own.api.db.query(
    // In one group, which the shop took at one time: their numbers tell their order.
    `WITH prank AS (
       SELECT n, uuid_v7_floor(now() + n * interval '1 second') AS id FROM generate_series(1, 795) AS n
     ), slips AS (
       INSERT INTO print_slip (store_id, order_id, station, placed_at, number)
       SELECT $1, id, 'soup', date_trunc('milliseconds', now()), n FROM prank
     )
     INSERT INTO ticket (store_id, order_id, station, number, round, placed_at, changed_at, lines)
     SELECT $1, id, 'soup', n, 1, date_trunc('milliseconds', now()), now(), '[]' FROM prank`,
    [own.store.id],
  );
  assert.equal(rowCount, 795);
  const honest = await own.order();
  await eventually(async () => {
    const found = await own.api.db.query('SELECT FROM ticket WHERE order_id = $1', [honest.id]);
    assert.equal(found.rowCount, 1);
  });
  const screen = await openSse(own.url('/kitchen/events'), bearer(own.kitchenKey));
  const tickets = () => screen.events.filter(({ event }) => event === 'ticket').map(({ data }) => data);
  // The honest one may be told live before the list that the screen begins with.
  const pranks = () => tickets().filter(({ orderId }) => orderId !== honest.id);
  await eventually(() => assert.deepEqual([pranks().length, tickets().length > pranks().length], [795, true]));
  assert.deepEqual(
    pranks().map(({ number }) => number),
    Array.from({ length: 795 }, (_, index) => index + 1),
  );
  screen.close();
  let pages = 0;
  const listed: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; pages += 1) {
    const { body }: { body: { items: { orderId: string }[]; next: string | null } } = await own.call(
      `/kitchen/tickets?limit=200${cursor && `&cursor=${cursor}`}`,
      { token: own.kitchenKey },
    );
    listed.push(...body.items.map(({ orderId }) => orderId));
    cursor = body.next;
  }
  assert.deepEqual([pages, listed.length, new Set(listed).size, listed.at(-1)], [4, 796, 796, honest.id]);
  await own.api.db.query('UPDATE print_slip SET done_at = now() WHERE store_id = $1 AND order_id <> $2', [
    own.store.id,
    honest.id,
  ]);
  assert.equal((await own.call('/print/soup/next?wait=50', { token: own.kitchenKey })).body.orderId, honest.id);
});

test('the lists of the kitchen read by their index alone, however much history there is', async (t) => {
  const own = await openShop(t);
  const { db } = own.api;
  const { rows } = await db.query<{ count: number }>(
    `WITH old AS (
       SELECT n, now() - n * interval '1 second' AS at, uuid_v7_floor(now() - n * interval '1 second') AS id
       FROM generate_series(1, 20000) AS n
     ), tickets AS (
       INSERT INTO ticket (store_id, order_id, station, number, table_label, round, status, placed_at, changed_at, lines)
       SELECT $1, id, 'soup', n, (n % 3)::text, 1, 'served', at, at, '[]' FROM old
     ), slips AS (
       INSERT INTO print_slip (store_id, order_id, station, placed_at, number, done_at, made_at)
       SELECT $1, id, 'soup', at, n, at, at FROM old
     )
     SELECT count(*)::int AS count FROM old`,
    [own.store.id],
  );
  assert.equal(rows[0]!.count, 20_000);
  await db.query('ANALYZE ticket, print_slip');
  const order = await own.order(['stew'], '7');
  await own.ticketOf(order.id, 'soup');
  const plans = {
    'open tickets': `SELECT order_id FROM ticket WHERE store_id = '${own.store.id}' AND status IN ('placed', 'cooking', 'ready')
       AND placed_at >= now() - interval '36 hours' AND order_id >= uuid_v7_floor(now() - interval '60 hours')
       ORDER BY placed_at, number, order_id, station LIMIT 201`,
    'next slip': `SELECT order_id FROM print_slip WHERE store_id = '${own.store.id}' AND station = 'soup' AND done_at IS NULL
       AND (handed_until IS NULL OR handed_until <= now()) AND made_at >= now() - interval '12 hours'
       AND order_id >= uuid_v7_floor(now() - interval '36 hours') ORDER BY placed_at, number LIMIT 1`,
  };
  for (const [what, sql] of Object.entries(plans)) {
    const explained = await db.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`);
    const read = rowsRead(explained.rows[0]!['QUERY PLAN'][0].Plan);
    assert.ok(read < 800, `${what}: ${read} of 20,000 rows were read`);
  }
});

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const rowsRead = (node: PlanNode): number =>
  node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) +
  (node.Plans ?? []).reduce((sum, each) => sum + rowsRead(each), 0);

test('sold out from the board with one tap comes into a guest’s menu, and open pages are told', async () => {
  const guestBoard = await openSse(shop.url('/kitchen/events'), bearer(shop.kitchenKey));
  const soldOut = async () => {
    const { body } = await shop.call('/menu');
    const items: { id: string; soldOut: boolean }[] = body.categories.flatMap(
      (category: { items: unknown[] }) => category.items,
    );
    return items.find(({ id }) => id === shop.store.dishes.soju.id)!.soldOut;
  };
  assert.equal(await soldOut(), false);
  const tap = await shop.call(`/items/${shop.store.dishes.soju.id}`, {
    method: 'PUT',
    token: shop.kitchenKey,
    body: { soldOut: true },
  });
  assert.equal(tap.status, 200);
  await eventually(async () => assert.equal(await soldOut(), true));
  await eventually(() => assert.ok(guestBoard.events.some(({ event }) => event === 'menu')));
  guestBoard.close();
  const refused = await shop.api.client.order(shop.store.id, {
    lines: [{ itemId: shop.store.dishes.soju.id, quantity: 1 }],
  });
  assert.equal(refused.body.type, 'sold-out');
  // A kitchen key changes no price.
  const price = await shop.call(`/items/${shop.store.dishes.soju.id}`, {
    method: 'PUT',
    token: shop.kitchenKey,
    body: { price: 1 },
  });
  assert.equal(price.status, 403);
});
