import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { simulate } from './testing/simulate.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-huge-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const HUGE_BYTES = 200e6;
const HEAP_MB = 256;
const PAGE_BYTES_MAX = 3e6;

/** Writes a file piece by piece; nothing of it is held. */
async function writePieces(file: string, pieces: Iterable<string>): Promise<void> {
  const stream = createWriteStream(file);
  for (const piece of pieces) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** Makes the report in a process whose heap is smaller than the file. Answers the size of the page. */
function reportWithin(file: string): number {
  const page = `${file}.html`;
  const code = `import { reportCommand } from ${JSON.stringify(join(import.meta.dirname, 'command.ts'))}; process.exitCode = await reportCommand(process.argv.slice(1));`;
  const ran = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, '--input-type=module', '-e', code, '--', file, '-o', page],
    { encoding: 'utf8' },
  );
  assert.equal(ran.status, 0, ran.stderr);
  return statSync(page).size;
}

test('a result of 200 MB, a week of ten-second periods, is read in bounded memory', async () => {
  const { result } = simulate({
    seed: 1,
    ratePerSecond: 50,
    durationS: 30,
    endpoints: ['/menu', '/orders'],
    answer: (random) => ({ ms: 5 + 20 * random() }),
  });
  const period = result.intermediate[1] as Record<string, number | string>;
  const start = Number(period.period);
  function* pieces(): Generator<string> {
    yield `{"aggregate":${JSON.stringify(result.aggregate)},"intermediate":[`;
    let bytes = 0;
    for (let i = 0; bytes < HUGE_BYTES; i++) {
      const at = start + i * 10_000;
      const piece = JSON.stringify({ ...period, period: String(at), firstMetricAt: at + 3, lastMetricAt: at + 9990 });
      bytes += piece.length + 1;
      yield i === 0 ? piece : `,${piece}`;
    }
    yield ']}';
  }
  const file = join(folder, 'week.json');
  await writePieces(file, pieces());
  assert.ok(statSync(file).size >= HUGE_BYTES);
  assert.ok(reportWithin(file) <= PAGE_BYTES_MAX);
});

test('a result of 200 MB with a million endpoints and megabytes of error text is read in bounded memory', async () => {
  function* pieces(): Generator<string> {
    yield '{"aggregate":{"period":1,"counters":{"http.requests":900,"http.responses":900,"http.codes.200":900';
    let bytes = 0;
    for (let i = 0; bytes < HUGE_BYTES / 2; i++) {
      const piece = `,"plugins.metrics-by-endpoint./p/${i.toString(36)}/${'q'.repeat(40)}.codes.200":${(i % 97) + 1},"errors.${i} ${'z'.repeat(60)}":1`;
      bytes += piece.length;
      yield piece;
    }
    yield `,"errors.${'a'.repeat(10)}`;
    for (let i = 0; i < 500; i++) yield 'long '.repeat(4000);
    yield '":1},"summaries":{"http.response_time":{"min":1,"max":9,"count":900,"mean":4,"p50":4,"p95":8,"p99":9}';
    for (let i = 0; bytes < HUGE_BYTES; i++) {
      const piece = `,"plugins.metrics-by-endpoint.response_time./p/${i.toString(36)}/${'q'.repeat(40)}":{"min":1,"max":9,"count":${(i % 97) + 1},"mean":4,"p50":4,"p95":8,"p99":9}`;
      bytes += piece.length;
      yield piece;
    }
    yield '}},"intermediate":[]}';
  }
  const file = join(folder, 'endpoints.json');
  await writePieces(file, pieces());
  assert.ok(statSync(file).size >= HUGE_BYTES);
  assert.ok(reportWithin(file) <= PAGE_BYTES_MAX);
});
