import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { PROBLEMS, type ProblemType } from '../../src/contract/index.ts';
import type { Attack } from './attacks.ts';
import { AGAIN_TIMES, checkBatch } from './batch.ts';
import type { Operation } from './operations.ts';

const OPERATION: Operation = {
  name: 'POST /x',
  method: 'POST',
  path: '/x',
  params: [],
  query: [],
  body: undefined,
  who: 'all',
  isPage: false,
};

/** What anybody may send. */
const attack: Attack = {
  class: 'ids',
  operation: OPERATION,
  method: 'POST',
  target: '/x',
  headers: [['host', 'x']],
  body: undefined,
};

/** Answers so, one after another; the last one goes on. So many looks at the tables find a change. */
async function checkAnswers(t: TestContext, kinds: readonly ProblemType[], changes = 0) {
  let asked = 0;
  const server = createServer((_, reply) => {
    const type = kinds[Math.min(asked++, kinds.length - 1)]!;
    const { status, title } = PROBLEMS[type];
    const body = JSON.stringify({ type, title, status });
    const head = { 'content-type': 'application/problem+json', 'retry-after': '2', 'content-length': body.length };
    reply.writeHead(status, head).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const counts = { ids: { tried: 0, refused: 0 } } as never;
  const unavailable = { told: 0 };
  const { port } = server.address() as AddressInfo;
  const checked = checkBatch({
    attacks: [attack],
    port,
    audit: { take: async () => (changes-- > 0 ? ['bill UPDATE'] : []) },
    secrets: [],
    counts,
    unavailable,
  });
  const finding = await checked.then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { finding, told: unavailable.told, asked };
}

test('who hears that the database is not there asks once more, which is counted apart', async (t) => {
  assert.deepEqual(await checkAnswers(t, ['unavailable', 'not-found']), { finding: undefined, told: 1, asked: 2 });
});

test('a database that is not there the second time either is a finding, as is any other fault the first time', async (t) => {
  const twice = await checkAnswers(t, ['unavailable']);
  assert.match(twice.finding!, /the answer is 503/);
  assert.deepEqual({ told: twice.told, asked: twice.asked }, { told: 1, asked: 2 });
  const other = await checkAnswers(t, ['internal', 'not-found']);
  assert.match(other.finding!, /the answer is 500/);
  assert.equal(other.asked, 1);
});

test('what somebody who hung up changes late is no fault of what was refused; what changes each time is', async (t) => {
  const late = await checkAnswers(t, ['not-found'], AGAIN_TIMES);
  assert.deepEqual(late, { finding: undefined, told: 0, asked: 1 + AGAIN_TIMES });
  const each = await checkAnswers(t, ['not-found'], AGAIN_TIMES + 1);
  assert.match(each.finding!, /refused, and yet bill UPDATE/);
  assert.equal(each.asked, 1 + AGAIN_TIMES);
});
