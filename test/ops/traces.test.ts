import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { newId } from '../../src/platform/id.ts';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';
import { makeStore } from '../support/store.ts';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

/** Takes what an exporter sends, or takes it and never answers. */
async function collector(t: Lifetime, { answers }: { answers: boolean }) {
  const spans: SentSpan[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (!answers) return;
      for (const { scopeSpans } of JSON.parse(body).resourceSpans) {
        for (const each of scopeSpans) spans.push(...each.spans);
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEndOf(t, async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, asked: () => asked };
}

const lines = (itemId: string) => ({ lines: [{ itemId, quantity: 1 }] });

test('an order is one trace: its request, its wait, its group and its jobs, under the id that it has anyway', async () => {
  const { url, spans } = await collector({ after }, { answers: true });
  const { client, db } = await startTestApp(
    { after },
    { withJobs: true, env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_SAMPLER_ARG: '1' } },
  );
  const store = await makeStore(db, { stew: { price: 9_000 } });
  const id = newId();
  assert.equal((await client.order(store.id, lines(store.dishes.stew.id), id)).status, 201);
  const traceId = id.replaceAll('-', '');
  const named = await eventually(() => {
    const own = new Map(spans.filter((span) => span.traceId === traceId).map((span) => [span.name, span]));
    for (const name of ['intake wait', 'group transaction', 'job kitchen']) assert.ok(own.has(name), name);
    return own;
  });
  const root = [...named.values()].find(({ parentSpanId }) => !parentSpanId)!;
  assert.match(root.name, /^POST .*orders$/);
  for (const span of named.values()) if (span !== root) assert.equal(span.parentSpanId, root.spanId, span.name);
  const [wait, group] = [named.get('intake wait')!, named.get('group transaction')!];
  assert.ok(BigInt(root.startTimeUnixNano) <= BigInt(wait.startTimeUnixNano));
  assert.equal(wait.endTimeUnixNano, group.startTimeUnixNano);
  assert.ok(BigInt(group.endTimeUnixNano) <= BigInt(root.endTimeUnixNano));
  // A key that is none is nobody's trace, and no fault.
  const { status } = await client.call(`/api/v1/stores/${store.id}/orders`, {
    method: 'POST',
    body: lines(store.dishes.stew.id),
    headers: { 'idempotency-key': 'none' },
  });
  assert.equal(status, 422);
});

test('a collector that takes everything and never answers slows no order and ends nothing', async (t) => {
  const { url, asked } = await collector(t, { answers: false });
  const shop = await startTestApp(t, {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_SAMPLER_ARG: '1' },
  });
  const store = await makeStore(shop.db, { stew: { price: 9_000 } });
  const order = async () => {
    const { status } = await shop.client.order(store.id, lines(store.dishes.stew.id));
    assert.equal(status, 201);
  };
  await Promise.all(Array.from({ length: 20 }, order));
  await eventually(() => assert.ok(asked() > 0));
  // One batch hangs, and orders are taken all the same.
  await Promise.all(Array.from({ length: 20 }, order));
  await shop.close();
});

test('without an endpoint the library is not even loaded, so there is nothing that could make a span', async () => {
  const traces = 'src/platform/telemetry/traces.ts';
  const named = globSync('src/**/*.ts').filter((file) => readFileSync(file, 'utf8').includes("'@opentelemetry/"));
  assert.deepEqual(named, [traces]);
  const program = `
    import { registerHooks } from 'node:module';
    const asked = [];
    registerHooks({ resolve(name, context, next) { asked.push(name); return next(name, context); } });
    await import('./${traces}');
    console.log(JSON.stringify(asked));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const asked: string[] = JSON.parse(stdout);
  assert.ok(asked.some((name) => name.endsWith('log-throttle.ts')));
  assert.deepEqual(
    asked.filter((name) => /@opentelemetry[/](sdk-trace|exporter|resources)/.test(name)),
    [],
  );
});
