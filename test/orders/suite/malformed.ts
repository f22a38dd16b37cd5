import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/platform/id.ts';
import { assertProblem } from '../../support/assert-problem.ts';
import type { Scene } from './scene.ts';

const DAY_MS = 86_400_000;

/** What is not well-formed: a 4xx that names the field, and the next order works. */
export function testMalformed({ app, store, other, path, line, nextOrderWorks }: Scene): void {
  test('a wrong field is named by its path, and the next order works', async () => {
    const { plain, choice } = store.dishes;
    const required = choice.groups[0]!.options[0]!.id;
    const one = (changes: object) => ({ lines: [{ ...line('plain'), ...changes }] });
    const cases: [string, unknown, string | RegExp][] = [
      ['no body members', {}, 'lines'],
      ['a list', [], 'body'],
      ['null', null, 'body'],
      ['no lines', { lines: [] }, 'lines'],
      ['lines that are no list', { lines: 7 }, 'lines'],
      ['51 lines', { lines: Array.from({ length: 51 }, () => line('plain')) }, 'lines'],
      ['10,000 lines', { lines: Array.from({ length: 10_000 }, () => 0) }, 'lines'],
      ['quantity 0', one({ quantity: 0 }), 'lines[0].quantity'],
      ['quantity -1', one({ quantity: -1 }), 'lines[0].quantity'],
      ['quantity 1.5', one({ quantity: 1.5 }), 'lines[0].quantity'],
      ['quantity 10^9', one({ quantity: 1_000_000_000 }), 'lines[0].quantity'],
      ['quantity "1"', one({ quantity: '1' }), 'lines[0].quantity'],
      ['quantity null', one({ quantity: null }), 'lines[0].quantity'],
      ['quantity missing', { lines: [{ itemId: plain.id }] }, 'lines[0].quantity'],
      ['an item that is no id', one({ itemId: 'kimchi' }), 'lines[0].itemId'],
      ['an unknown item', one({ itemId: newId() }), 'lines[0].itemId'],
      ['another store’s item', one({ itemId: other.dishes.theirs.id }), 'lines[0].itemId'],
      ['the second line wrong', { lines: [line('plain'), { itemId: newId(), quantity: 1 }] }, 'lines[1].itemId'],
      ['an unknown option', one({ optionIds: [newId()] }), 'lines[0].optionIds[0]'],
      ['an option of another item', one({ optionIds: [required] }), 'lines[0].optionIds[0]'],
      ['a required option missing', { lines: [line('choice')] }, 'lines[0].optionIds'],
      [
        'more options than may be',
        { lines: [{ ...line('choice'), optionIds: choice.groups.flatMap((g) => g.options.map((o) => o.id)) }] },
        'lines[0].optionIds',
      ],
      ['an option twice', { lines: [{ ...line('choice'), optionIds: [required, required] }] }, /^lines\[0\].optionIds/],
      [
        'an option twice in two spellings',
        { lines: [{ ...line('choice'), optionIds: [required, required.toUpperCase()] }] },
        /^lines\[0\].optionIds/,
      ],
      ['a note of 201 characters', one({ note: 'x'.repeat(201) }), 'lines[0].note'],
      ['a note with a NUL', one({ note: 'a\0b' }), 'lines[0].note'],
      ['a note with half a surrogate pair', one({ note: 'a\ud83cb' }), 'lines[0].note'],
      ['a table with a NUL', { ...one({}), table: 'a\0' }, 'table'],
      ['a table of 21 characters', { ...one({}), table: 'x'.repeat(21) }, 'table'],
      ['a negative total', { ...one({}), expectedTotal: -1 }, 'expectedTotal'],
      ['a member that is not known', { ...one({}), total: 1 }, 'total'],
      ['a member of a line that is not known', one({ unitPrice: 1 }), 'lines[0].unitPrice'],
    ];
    for (const [name, body, field] of cases) {
      const answer = await app.client.call(path(), { body, key: newId() });
      assert.equal(answer.status, 422, `${name}: ${JSON.stringify(answer.body)}`);
      assertProblem(answer, 'invalid', field);
    }
    await nextOrderWorks();
  });

  test('a body that cannot be read is refused, and the next order works', async () => {
    const key = newId();
    const good = JSON.stringify({ lines: [line('plain')] });
    assertProblem(await app.client.call(path(), { body: good.slice(0, -2), key }), 'malformed-json', 'body');
    assertProblem(
      await app.client.call(path(), { body: `{"__proto__":1,${good.slice(1)}`, key }),
      'malformed-json',
      'body',
    );
    // As without a body: what is missing is named, not the JSON.
    assertProblem(await app.client.call(path(), { body: '', key }), 'invalid', 'body');
    const huge = `{"lines":[${'{},'.repeat((10 * 1024 * 1024) / 3)}{}]}`;
    assertProblem(await app.client.call(path(), { body: huge, key }), 'too-large', 'body');
    assertProblem(
      await app.client.call(path(), { body: good, key, headers: { 'content-type': 'text/plain' } }),
      'unsupported-media-type',
      'Content-Type',
    );
    await nextOrderWorks();
  });

  test('the key is a UUIDv7 of today', async () => {
    const v4 = '3f2f5c1e-9d5b-4c7a-8a3c-2b1d0e9f8a7b';
    const bad = [undefined, '', 'abc', v4, newId(Date.now() - 365 * DAY_MS), newId(Date.now() + 365 * DAY_MS)];
    for (const key of bad) {
      const answer = await app.client.call(path(), { body: { lines: [line('plain')] }, key });
      assertProblem(answer, 'invalid', 'Idempotency-Key');
    }
    const yesterday = newId(Date.now() - DAY_MS + 60_000);
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, yesterday)).status, 201);
  });

  test('an unknown store is not found, and neither is an order without its own token', async () => {
    for (const unknown of [newId(), 'no-such-store', '%00', "x';--"]) {
      const answer = await app.client.call(`/api/v1/stores/${unknown}/orders`, {
        body: { lines: [line('plain')] },
        key: newId(),
      });
      assertProblem(answer, 'not-found');
    }
    const mine = (await app.client.order(store.id, { lines: [line('plain')] })).body;
    const theirs = (await app.client.order(store.id, { lines: [line('plain')] })).body;
    for (const [id, token] of [
      [mine.id, theirs.token],
      [mine.id, undefined],
      [mine.id, 'x'],
      [mine.id, `${mine.token}x`],
      [newId(), mine.token],
      ['x', mine.token],
    ]) {
      assertProblem(await app.client.call(path(`/${id}`), { token }), 'not-found');
      assertProblem(await app.client.call(path(`/${id}`), { method: 'DELETE', token }), 'not-found');
    }
    // The token is the order's of its store, and not of a store that happens to know the key too.
    const elsewhere = `/api/v1/stores/${other.id}/orders/${mine.id}`;
    assertProblem(await app.client.call(elsewhere, { token: mine.token }), 'not-found');
    assert.equal((await app.client.call(path(`/${mine.id}`), { token: mine.token })).body.status, 'placed');
  });
}
