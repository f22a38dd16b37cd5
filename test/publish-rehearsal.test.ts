import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { LADDERS } from '../rehearsal/ladder/ladders.ts';
import { strategyLadder } from '../rehearsal/ladder/strategy-ladder.ts';
import { fillMarkers, markersOf } from '../rehearsal/publish/markers.ts';
import { DOCUMENTS, publish } from '../rehearsal/publish/publish.ts';
import { contentOf, type MeasuredLadder } from '../rehearsal/publish/published.ts';
import { manifestOf, plausibleMs, simulate, writeRung } from '../rehearsal/report/testing/simulate.ts';
import type { CrowdResult, FullHouse, Scaling } from '../rehearsal/results/index.ts';
import { takePictures } from '../scripts/publish-rehearsal.ts';
import { ROOT, readDocument } from './support/documents.ts';

/** A small strategy ladder whose knee doubles from rung to rung. */
function writeStrategyLadder(folder: string): void {
  for (const [index, { name, label, step, switches }] of strategyLadder.rungs.entries()) {
    const run = simulate({
      seed: index + 1,
      ratePerSecond: 20,
      durationS: 20,
      answer: (random) => ({ ms: plausibleMs(random, 20) }),
    });
    const knee = 100 * 2 ** index;
    const counts = { attempted: 100, answered: 100, good: 100, codes: {}, errors: {} };
    const crowd: CrowdResult = {
      kind: 'matjip-crowd',
      version: 1,
      startedAt: '2026-11-23T03:10:00.000Z',
      durationS: 3,
      warmupS: 1,
      timeoutMs: 2_000,
      seed: 1,
      offeredPerSecond: knee,
      ...counts,
      latency: { gamma: 1.02, zeroCount: 0, bins: [] },
      seconds: [],
      endpoints: [],
      generator: { processes: 1, cpuShare: 0.1, sendLagP99Ms: 1, dropped: 0 },
      knee: {
        ratePerSecond: knee,
        interval: { low: knee * 0.9, high: knee * 1.1, confidence: 0.95 },
        serviceLevel: { p99Ms: 100, errorRate: 0.001 },
        tried: [{ rate: knee, ok: true, p99Ms: 50, errorRate: 0 }],
      },
    };
    const house: FullHouse = {
      kind: 'matjip-full-house',
      version: 1,
      kneePerSecond: knee,
      usefulMs: 1_000,
      work: {
        offeredPerSecond: knee / 2,
        requests: 1_000,
        cpuSeconds: 2,
        databaseCpuSeconds: 1,
        databaseReads: 500,
        databaseStatements: 3_000,
        databaseBytes: 1e6,
      },
      steps: [1, 5].map((multiple) => ({
        multiple,
        offeredPerSecond: knee * multiple,
        usefulPerSecond: knee + 1,
        usefulOrdersPerSecond: 7,
        refusedPerSecond: 3,
        refusalP50Ms: 12,
        refusalP99Ms: 34,
        generatorLimited: false,
      })),
    };
    const manifest = manifestOf(name, { label: { ...label }, ladder: 'strategy', switches: { ...switches } });
    writeRung(join(folder, name), run, { manifest: step === undefined ? manifest : { ...manifest, step }, crowd });
    writeFileSync(join(folder, name, 'full-house.json'), JSON.stringify(house));
  }
  const series: Scaling = {
    kind: 'matjip-scaling',
    version: 1,
    measuredAt: '2026-11-23T03:10:00.000Z',
    machine: 'simulated, 2 CPU',
    switches: { ...strategyLadder.rungs.find(({ name }) => name === 'schedule-batch')!.switches },
    nodeCores: 1 / 8,
    periodMs: 10,
    points: [1, 2, 3, 4, 5, 6, 7, 8].map((nodes) => ({
      nodes,
      cores: nodes / 8,
      perSecond: (100 * nodes) / (1 + 0.02 * (nodes - 1)),
      failedShare: 0,
    })),
  };
  writeFileSync(join(folder, 'scaling.json'), JSON.stringify(series));
}

test('what a rehearsal measured is put into the documents of both languages by one command: table, verdict, figures, pages and pictures', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-publish-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [from, root] = [join(folder, 'artillery'), join(folder, 'repository')];
  writeStrategyLadder(from);
  mkdirSync(join(root, 'docs/rehearsal'), { recursive: true });
  mkdirSync(join(root, 'docs/guide'));
  const readme = (language: string): string =>
    `# ${language}\n\n<!-- ladder strategy -->\nold\n<!-- /ladder -->\n\n<!-- ladder cache -->kept<!-- /ladder -->\n`;
  writeFileSync(join(root, 'README.md'), readme('en'));
  writeFileSync(join(root, 'README.ko.md'), readme('ko'));
  const guide = join(root, 'docs/guide/README.md');
  writeFileSync(
    guide,
    'From <!-- ladder untuned knee -->?<!-- /ladder --> to <!-- ladder cache knee -->?<!-- /ladder -->.\n<!-- ladder scaling -->\nnone\n<!-- /ladder -->\n',
  );
  t.mock.method(console, 'log', () => {});
  const error = t.mock.method(console, 'error', () => {});

  const published = await publish({ from, root, takePictures });

  assert.deepEqual(published, ['strategy']);
  const [english, korean] = ['README.md', 'README.ko.md'].map((file) => readFileSync(join(root, file), 'utf8'));
  assert.match(
    english!,
    /\n\| Untuned \| 100\/s \(90 – 110\) \| 2 ms \+ 1 ms \| 101\/s \| 7\/s \| 12 ms \/ 34 ms \| ₩[\d,]+ \|\n/,
  );
  assert.match(korean!, /\n\| 손대지 않음 \| 100\/s \(90 – 110\) \| 2 ms \+ 1 ms \| 101\/s \|/);
  assert.match(english!, /- \S.* the same machine carry ×\d+ the requests of Untuned/);
  assert.match(english!, /2026-11-23, simulated, 2 CPU/);
  assert.ok(!english!.includes('old') && english!.includes('<!-- ladder cache -->kept<!-- /ladder -->'));
  assert.match(readFileSync(guide, 'utf8'), /^From <!-- ladder untuned knee -->100\/s<!-- \/ladder --> to .*400\/s</);
  assert.match(
    english!,
    /\n- CPU, statements, bytes and reads of a request are measured at half of each knee: Untuned 50\/s, /,
  );
  assert.match(
    readFileSync(guide, 'utf8'),
    /\n- 1 core: 702\/s\n- Scheduled batch: law of scaling .*1 core, which it did not see: predicted ÷ measured 1\.00\./,
  );
  const written = readdirSync(join(root, 'docs/rehearsal')).sort();
  assert.deepEqual(written, [
    'full-house.ko.png',
    'full-house.png',
    'strategy-carry.ko.png',
    'strategy-carry.png',
    'strategy-ladder.html',
    'strategy-ladder.json',
    'strategy-ladder.md',
    'strategy-measured.json',
  ]);
  for (const picture of written.filter((file) => file.endsWith('.png'))) {
    const { width, height } = await sharp(join(root, 'docs/rehearsal', picture)).metadata();
    assert.ok(width! > 400 && width! <= 1_160 && height! > 300 && height! < 1_500, `${picture}: ${width} × ${height}`);
  }

  // A part of a ladder is no ladder: it is named, and nothing changes.
  rmSync(join(from, 'scale-up'), { recursive: true });
  cpSync(join(from, 'untuned'), join(from, 'no-cache'), { recursive: true });
  assert.deepEqual(await publish({ from, root, takePictures }), []);
  const said = error.mock.calls.map(({ arguments: [line] }) => line).join('\n');
  assert.match(said, /strategy: not published, for it lacks scale-up/);
  assert.equal(readFileSync(join(root, 'README.md'), 'utf8'), english);
});

test('a marker that is none, or has no end, is named instead of filled', () => {
  assert.throws(() => fillMarkers('<!-- ladder cache -->never ended', () => ''), /has no end of its own/);
  assert.throws(() => contentOf(['roof'], [], LADDERS, 'en'), /ladder roof -->: no such ladder/);
  assert.throws(() => contentOf(['untuned', 'charm'], [], LADDERS, 'en'), /write a ladder, or a rung and a figure/);
  assert.equal(contentOf(['untuned', 'knee'], [], LADDERS, 'en'), undefined);
});

test('each figure of a ladder in the documents is that of the published report', () => {
  const ladders = LADDERS.flatMap((ladder): MeasuredLadder[] => {
    const file = `docs/rehearsal/${ladder.name}-ladder.json`;
    if (!existsSync(join(ROOT, file))) return [];
    const report = JSON.parse(readDocument(file));
    return [{ ladder, report, fullHouses: new Map(), costs: new Map(), measuredAt: '' }];
  });
  assert.ok(ladders.length > 0);
  let filled = 0;
  for (const file of globSync(DOCUMENTS, { cwd: ROOT })) {
    const language = file.endsWith('.ko.md') ? 'ko' : 'en';
    for (const { words, content } of markersOf(readDocument(file))) {
      filled++;
      const expected = contentOf(words, ladders, LADDERS, language);
      if (expected === undefined) continue;
      if (words.length === 2) assert.equal(content, expected, `${file}: ${words.join(' ')}`);
      const verdict = expected.split('\n').filter((line) => line.startsWith('- '));
      for (const line of verdict) assert.ok(content.includes(line), `${file}: ${line}`);
    }
  }
  assert.ok(filled >= 4, String(filled));
});
