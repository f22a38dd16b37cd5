import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startNode } from './support/child.ts';
import { launchBrowser } from './support/chromium.ts';
import { ROOT } from './support/documents.ts';
import { eventually } from './support/eventually.ts';
import { atEndOf } from './support/lifetime.ts';
import { freePort } from './support/services.ts';

test('npm run dev shows a changed page in the browser that has it open, and a changed server to the next request', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-dev-'));
  atEndOf(t, async () => rmSync(folder, { recursive: true, force: true }));
  execFileSync('git', ['clone', '--quiet', ROOT, folder]);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const port = await freePort();
  const { NODE_TEST_CONTEXT: _, DATABASE_URL: __, MATJIP_HOME: ___, ...env } = process.env;
  const dev = startNode(t, [join(folder, 'scripts/dev.mjs')], { cwd: folder, env: { ...env, PORT: String(port) } });
  // Asked to end, it ends what it started.
  atEndOf(t, () => dev.kill('SIGINT'));
  const url = `http://127.0.0.1:${port}`;
  const change = (file: string, from: string, to: string) => {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.ok(text.includes(from), `${file}: ${from}`);
    writeFileSync(join(folder, file), text.replace(from, to));
  };
  await eventually(async () => (await fetch(`${url}/readyz`)).ok, `a server; it said ${dev.said()}`);

  const browser = await launchBrowser();
  atEndOf(t, () => browser.close());
  const page = await browser.newPage();
  await page.goto(`${url}/?lang=en`);
  const heading = page.getByRole('heading', { level: 1 });
  await heading.waitFor();
  change('web/home/home.tsx', "<h1>{t('home.title')}", "<h1>Changed {t('home.title')}");
  await eventually(
    async () => (await heading.textContent())?.startsWith('Changed ') ?? false,
    'the page is loaded anew',
  );

  change('src/platform/http/operations/health.ts', "'/healthz'", "'/healthz2'");
  await eventually(async () => (await fetch(`${url}/healthz2`)).ok, 'a server with the change');
});
