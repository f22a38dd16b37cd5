import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import { after, test } from 'node:test';
import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { INT4_MAX } from '../../src/contract/index.ts';
import { createValidatorCompiler } from '../../src/platform/http/request/validation.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const routes: RouteOptions[] = [];
diagnostics.subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook('onRoute', (route) => void routes.push(route));
});
const app = await startTestApp({ after }, { withJobs: true });
const store = await makeStore(app.db, { dish: { price: 9_000 } });

interface Operation {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: a schema is whatever it says
  readonly body: any;
}

/** Every operation of the API's own description. */
const operations: Operation[] = Object.entries(
  (await app.client.call('/api/openapi.json')).body.paths as Record<string, Record<string, { requestBody?: object }>>,
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { requestBody }]) => ({
    method: method.toUpperCase(),
    path: path.replace('{store}', store.id).replaceAll(/\{\w+\}/g, 'x'),
    // biome-ignore lint/suspicious/noExplicitAny: as above
    body: (requestBody as any)?.content?.['application/json']?.schema,
  })),
);

/** What strangers may send: guests before they have a token, whoever signs in, and the provider, who signs what it sends. */
const OPEN =
  /^POST \/api\/v1\/(stores\/[^/]+\/(orders|waitlist|visits|calls)|sessions|invitations\/(look|accept)|payments\/notifications)$/;

test('whoever has no key hears so before anything is said about what was sent', async () => {
  const changing = operations.filter(({ method, path }) => method !== 'GET' && !OPEN.test(`${method} ${path}`));
  assert.ok(changing.length >= 7, `${changing.length} operations`);
  for (const { method, path } of changing) {
    for (const body of ['{"no":', '{}', '[]', JSON.stringify({ url: 'x', events: Array(5_000).fill({ a: 0 }) })]) {
      const { status } = await app.client.call(path, { method, body });
      assert.ok(status === 401 || status === 404, `${method} ${path} with ${body.slice(0, 20)}: ${status}`);
    }
  }
});

test('every whole number in a request has a largest one that its column can hold', () => {
  const unbounded: string[] = [];
  const walk = (schema: Record<string, unknown>, at: string): void => {
    const largest = schema.maximum as number | undefined;
    if (schema.type === 'integer' && !(largest !== undefined && largest <= INT4_MAX)) unbounded.push(at);
    for (const [name, part] of Object.entries(schema)) {
      if (typeof part === 'object' && part !== null) walk(part as Record<string, unknown>, `${at}.${name}`);
    }
  };
  const bodies = operations.filter(({ body }) => body);
  assert.ok(bodies.length >= 4);
  for (const { method, path, body } of bodies) walk(body, `${method} ${path}`);
  assert.deepEqual(unbounded, []);
});

test('a number too large for the database is the fault of its field', async () => {
  const order = await app.client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  const advance = await app.client.call(`/api/v1/stores/${store.id}/kitchen/tickets/${order.body.id}:kitchen/advance`, {
    token: ADMIN_KEY,
    body: { to: 'cooking', version: INT4_MAX + 1 },
  });
  assertProblem(advance, 'invalid', 'version');
});

test('a webhook that wants ten thousand events is refused for the number', async () => {
  const answer = await app.client.call(`/api/v1/stores/${store.id}/webhooks`, {
    token: ADMIN_KEY,
    body: { url: 'https://example.com', events: Array.from({ length: 10_800 }, (_, a) => ({ a })) },
  });
  assertProblem(answer, 'invalid', 'events');
  assert.equal(answer.body.fields.length, 1);
});

test('a look at the head changes nothing: what a GET hands out is handed out by GET alone', async () => {
  const heads = operations.filter(({ method }) => method === 'GET');
  const tables = ['print_slip', 'ticket', 'orders', 'webhook'];
  const truth = async () =>
    Promise.all(tables.map(async (table) => (await app.db.query(`SELECT * FROM ${table} ORDER BY 1, 2`)).rows));
  // There is something to hand out.
  await app.client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  const before = await eventually(async () => {
    const [slips, tickets, orders] = (await truth()).map(({ length }) => length);
    assert.deepEqual([slips, tickets], [orders, orders]);
    return truth();
  });
  for (const { path } of heads) {
    const { status } = await fetch(app.app.url + path.replace('/x/next', '/kitchen/next'), {
      method: 'HEAD',
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    assert.ok(status < 500, `${path}: ${status}`);
  }
  assert.deepEqual(await truth(), before);
});

test('the schema of every question and of every answer can be compiled, though that is done for the first that comes', () => {
  const compileValidator = createValidatorCompiler();
  const compileSerializer = SerializerSelector()({}, {});
  let [questions, answers] = [0, 0];
  for (const { method, url, schema = {} } of routes) {
    const route = { method: String(method), url };
    for (const httpPart of ['body', 'querystring', 'params', 'headers'] as const) {
      if (!schema[httpPart]) continue;
      const validate = compileValidator({ ...route, httpPart, schema: schema[httpPart] } as never);
      assert.doesNotThrow(() => validate({}), `${method} ${url}: ${httpPart}`);
      questions += 1;
    }
    for (const [httpStatus, answer] of Object.entries((schema.response ?? {}) as Record<string, object>)) {
      const content =
        'content' in answer ? (answer.content as Record<string, { schema: object }>) : { json: { schema: answer } };
      for (const { schema: written } of Object.values(content)) {
        assert.equal(typeof compileSerializer({ ...route, httpStatus, schema: written }), 'function');
        answers += 1;
      }
    }
  }
  assert.ok(questions > 100 && answers > 100, `${questions} questions and ${answers} answers`);
});
