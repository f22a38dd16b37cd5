import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../../test/support/chromium.ts';
import { reportCommand } from '../command.ts';
import { INPUTS_MAX } from '../read/inputs.ts';
import { manifestOf, plausibleMs, type SimulatedRun, simulate, writeRung } from '../testing/simulate.ts';
import { writeSimulatedLadder } from '../testing/simulated-ladder.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-page-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</title></style></script><svg onload=alert(1)>',
  ['{{constructor}} $', '{alert(1)} `x`'].join(''),
];

function hostileRun(seed: number): SimulatedRun {
  return simulate({
    seed,
    ratePerSecond: 60,
    durationS: 40,
    endpoints: HOSTILE.map((name) => `/menu?q=${name}`),
    answer: (random, _atS, endpoint) =>
      random() < 0.02 ? { error: `Unexpected ${endpoint}` } : { ms: plausibleMs(random, 9) },
  });
}

/** Silences the command's own words while it runs inside the test. */
async function quietly(args: string[]): Promise<number> {
  const { log } = console;
  console.log = () => {};
  try {
    return await reportCommand(args);
  } finally {
    console.log = log;
  }
}

const pages = { ladder: join(folder, 'ladder.html'), hostile: join(folder, 'hostile.html') };
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
  assert.equal(await quietly([...writeSimulatedLadder(join(folder, 'ladder'), 2), '-o', pages.ladder]), 0);
  const hostile = HOSTILE.map((name, i) =>
    writeRung(join(folder, `hostile-${i}`), hostileRun(i), {
      manifest: manifestOf(name, { label: { ko: name, en: name }, switches: { CACHE: name }, seed: name }),
    }),
  );
  assert.equal(
    await quietly([...hostile, '-o', pages.hostile, '--md', join(folder, 'hostile.md'), '--title', HOSTILE[3] ?? '']),
    0,
  );
});
after(() => browser.close());

interface Opened {
  page: Page;
  /** What the console said, and every request beyond the file itself. */
  complaints: string[];
}

async function open(file: string, width: number): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  return { page, complaints };
}

/** What a person sees: the other language is in the document too, and hidden. */
const shown = (locator: Locator): Promise<string> => locator.innerText();

for (const width of [390, 1280]) {
  describe(`in Chromium, ${width} pixels wide, the page`, () => {
    for (const name of ['ladder', 'hostile'] as const) {
      test(`of the ${name} runs opens without a complaint, asks for nothing and does not scroll sideways`, async () => {
        const { page, complaints } = await open(pages[name], width);
        assert.deepEqual(complaints, []);
        const [wide, charts] = await page.evaluate<[number, number]>(
          `[document.documentElement.scrollWidth, document.querySelectorAll('figure svg, .figure-card svg').length]`,
        );
        assert.ok(wide <= width, `${wide} pixels`);
        assert.ok(charts > 5, `${charts} charts`);
        await page.close();
      });
    }

    test('shows one language at a time and changes it', async () => {
      const { page, complaints } = await open(pages.ladder, width);
      const sentence = page.locator('.sentence');
      assert.match(await shown(sentence), /이벤트 캐시/);
      assert.deepEqual(
        [await page.title(), await shown(page.locator('h1'))],
        ['맛집 리허설 보고서', '맛집 리허설 보고서'],
      );
      await page.getByRole('button', { name: 'English' }).click();
      assert.match(await shown(sentence), /^Event cache lets the same machine carry ×14/);
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      assert.deepEqual(
        [await page.title(), await shown(page.locator('h1'))],
        ['Matjip rehearsal report', 'Matjip rehearsal report'],
      );
      assert.deepEqual(complaints, []);
      await page.close();
    });

    test('dims all but the run that is pressed in the key, and reads out the figures under the pointer', async () => {
      const { page, complaints } = await open(pages.ladder, width);
      await page.locator('.key button').nth(5).click();
      const opacity = (group: number): Promise<string> =>
        page.evaluate<string>(`getComputedStyle(document.querySelector('figure .run.g${group}')).opacity`);
      assert.deepEqual([await opacity(5), await opacity(1)], ['1', '0.13']);
      await page.locator('.panels svg[data-hover]').first().hover();
      assert.match(await shown(page.locator('.read-out')), /^\d:\d\d\n[\d,]+\/s {2}보냄\n/);
      assert.deepEqual(complaints, []);
      await page.close();
    });
  });
}

describe('hostile names', () => {
  test('reach the page as text, and the page takes no title but its own', async () => {
    const { page } = await open(pages.hostile, 1280);
    const seen = await page.evaluate<{
      title: string;
      scripts: number;
      images: number;
      text: string;
      handlers: number;
    }>(`({
      title: document.title,
      scripts: document.scripts.length,
      images: document.images.length,
      text: document.body.textContent,
      handlers: [...document.querySelectorAll('*')].filter((e) => e.getAttributeNames().some((name) => name.startsWith('on'))).length,
    })`);
    assert.deepEqual([seen.scripts, seen.images, seen.handlers], [1, 0, 0]);
    assert.equal(seen.title, HOSTILE[3]);
    for (const name of HOSTILE) assert.ok(seen.text.includes(name), name);
    await page.close();
  });

  test('would run nothing even if the escaping failed: the policy allows this one script by its hash', async () => {
    const broken = join(folder, 'broken.html');
    const original = readFileSync(pages.hostile, 'utf8');
    writeFileSync(
      broken,
      original.replace(
        '</main>',
        '<script>document.title="taken"</script><img src="http://127.0.0.1:9/x" onerror="document.title=1"></main>',
      ),
    );
    const { page, complaints } = await open(broken, 1280);
    assert.equal(await page.title(), HOSTILE[3]);
    assert.equal(
      complaints.filter((complaint) => complaint.startsWith('error: Executing inline script violates')).length,
      1,
      complaints.join('\n'),
    );
    await page.close();
  });

  test('stay text in Markdown', () => {
    const text = readFileSync(join(folder, 'hostile.md'), 'utf8');
    assert.doesNotMatch(text.replaceAll('<br>', ''), /</);
    assert.ok(text.includes('&lt;script&gt;'));
  });
});

test('a page over the most results that a report takes stays below 3 MB', async () => {
  const endpoints = Array.from(
    { length: 80 },
    (_, i) => `/a/rather/long/path/of/an/endpoint/number-${i}?with=<some>&${'x'.repeat(80)}`,
  );
  const run = simulate({
    seed: 1,
    ratePerSecond: 8,
    durationS: 1800,
    endpoints,
    answer: (random) =>
      random() < 0.05 ? { error: `E${Math.floor(7 * random())}` } : { ms: plausibleMs(random, 20), serverMs: 3 },
  });
  // The reader takes endpoints from the aggregate only: without them in every period the files are a tenth as large.
  for (const period of run.result.intermediate as { summaries: Record<string, unknown>; histograms?: unknown }[]) {
    period.summaries = { 'http.response_time': period.summaries['http.response_time'] };
    delete period.histograms;
  }
  const words = Array.from({ length: INPUTS_MAX }, (_, i) => writeRung(join(folder, `many-${i}`), run));
  const page = join(folder, 'many.html');
  assert.equal(await quietly([...words, '-o', page]), 0);
  const { length } = readFileSync(page);
  assert.ok(length <= 3e6, `${(length / 1e6).toFixed(2)} MB`);
});
