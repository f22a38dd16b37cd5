import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchDatabase } from './support/bench-database.ts';
import { load, startServer } from './support/processes.ts';
import { type BenchRow, median, perSecond } from './support/row.ts';

const MATJIP = new URL('support/matjip-server.ts', import.meta.url);
const BARE = new URL('support/bare-http.ts', import.meta.url);
const SERVER_CORE = 0;
const LOAD_CORE = 1;
const CONNECTIONS = 32;
const ROUNDS = 5;
const NOT_COPIED = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);

interface Variant {
  readonly what: string;
  readonly headers: (etag: string) => Record<string, string>;
}

const VARIANTS: readonly Variant[] = [
  { what: 'cached menu', headers: () => ({ 'accept-encoding': 'identity' }) },
  { what: 'cached menu, gzip', headers: () => ({ 'accept-encoding': 'gzip' }) },
  { what: 'cached menu, 304', headers: (etag) => ({ 'accept-encoding': 'identity', 'if-none-match': etag }) },
];

/** The cached menu against `node:http` and nothing else, both on the same core, sending the same bytes. */
export async function benchMenuRead(database: BenchDatabase): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const server = await startServer(MATJIP, { DATABASE_URL: database.url, PORT: '0', BENCH_JOBS: 'off' }, SERVER_CORE);
  try {
    const path = await menuPath(server.port);
    const etag = (await ask(server.port, path, { 'accept-encoding': 'identity' })).headers.etag!;
    for (const variant of VARIANTS) {
      const headers = variant.headers(etag);
      const answer = await ask(server.port, path, headers);
      const body = join(database.folder, 'menu-body');
      await writeFile(body, answer.body);
      const bare = await startServer(
        BARE,
        { BENCH_BODY: body, BENCH_HEADERS: JSON.stringify(answer.headers), BENCH_STATUS: String(answer.status) },
        SERVER_CORE,
      );
      const task = { host: '127.0.0.1', connections: CONNECTIONS, warmupMs: 300, durationMs: 1_500 };
      const request = { kind: 'get', path, headers } as const;
      const ours: number[] = [];
      const baseline: number[] = [];
      const ratios: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const a = await load({ ...task, port: bare.port, request }, LOAD_CORE);
        const b = await load({ ...task, port: server.port, request }, LOAD_CORE);
        baseline.push(a.perSecond);
        ours.push(b.perSecond);
        ratios.push(b.perSecond / a.perSecond);
      }
      await bare.stop();
      rows.push({
        what: `menu-read: ${variant.what}`,
        ours: perSecond('matjip', median(ours)),
        baseline: perSecond('bare node:http', median(baseline)),
        ratio: median(ratios),
        goal: { atLeast: 0.85 },
      });
    }
  } finally {
    await server.stop();
  }
  return rows;
}

/** What the cache buys: the same server, the same tuned database, CACHE=memory against CACHE=off. */
export async function benchMenuCache(database: BenchDatabase): Promise<BenchRow[]> {
  const rate = async (cache: string): Promise<number> => {
    const server = await startServer(MATJIP, {
      DATABASE_URL: database.url,
      PORT: '0',
      CACHE: cache,
      BENCH_JOBS: 'off',
    });
    try {
      const path = await menuPath(server.port);
      const request = { kind: 'get', path, headers: { 'accept-encoding': 'identity' } } as const;
      const task = { host: '127.0.0.1', port: server.port, connections: CONNECTIONS, warmupMs: 500, durationMs: 3_000 };
      return (await load({ ...task, request })).perSecond;
    } finally {
      await server.stop();
    }
  };
  const off = await rate('off');
  const memory = await rate('memory');
  return [
    {
      what: 'menu-cache: CACHE=memory ÷ CACHE=off',
      ours: perSecond('memory', memory),
      baseline: perSecond('off', off),
      ratio: memory / off,
      goal: { atLeast: 10 },
    },
  ];
}

async function menuPath(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/stores`);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  const path = `/api/v1/stores/${items[0]!.id}/menu`;
  // The first one loads; what is measured lies in the cache.
  await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer();
  return path;
}

/** Asks once and gives back exactly what was sent, still encoded, with the headers that the baseline must send too. */
async function ask(port: number, path: string, headers: Record<string, string>) {
  const { request } = await import('node:http');
  return new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        const sent: Record<string, string> = {};
        for (const [name, value] of Object.entries(response.headers)) {
          if (!NOT_COPIED.has(name)) sent[name] = String(value);
        }
        if (response.statusCode !== 304) sent['content-length'] = String(body.length);
        resolve({ status: response.statusCode!, headers: sent, body });
      });
    })
      .on('error', reject)
      .end();
  });
}
