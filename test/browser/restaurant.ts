import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { ensurePages } from '../../scripts/pages.mjs';
import { startNode } from '../support/child.ts';
import { type BrowserProgram, launchBrowser } from '../support/chromium.ts';
import { testDatabase } from '../support/postgres.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A phone in a guest's hand. */
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SCREEN: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

export interface Restaurant {
  readonly url: string;
  readonly slug: string;
  readonly kitchenKey: string;
  /** The owner's key. */
  readonly adminKey: string;
  /** For looking behind the counter: what is really in the database. */
  readonly db: pg.Pool;
  /** A phone that has never been here, on the page of a table. Errors on the page fail the test file. */
  phone(options?: { table?: string; path?: string; locale?: string }): Promise<{ page: Page; context: BrowserContext }>;
  /** A kitchen's screen, opened by the link that the server printed. */
  kitchen(): Promise<Page>;
}

/**
 * Opens a real server with the demo data on a fresh database, and a real Chromium, for one test file; closes both at
 * its end. Call it at the top of the file: inside a hook, its own clean-up would run when the hook ends.
 * @param settings of the server, as in the environment
 */
export async function openRestaurant(
  settings: Readonly<Record<string, string>> = {},
  program?: BrowserProgram,
): Promise<Restaurant> {
  await ensurePages();
  const home = await mkdtemp(join(tmpdir(), 'matjip-browser-'));
  const database = await testDatabase(undefined, { demo: true });
  const adminKey = randomBytes(18).toString('base64url');
  const env = {
    DATABASE_URL: database.url,
    MATJIP_HOME: home,
    ADMIN_KEY: adminKey,
    PORT: '0',
    LOG_LEVEL: 'warn',
    OVERLOAD: 'off',
    ...settings,
  };
  const server = startNode({ after }, [join(ROOT, 'src/main.ts'), 'serve', '--demo'], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  const db = new pg.Pool({ connectionString: database.url, max: 2 });
  db.on('error', () => {});
  const pageErrors: Error[] = [];
  let browser: Browser | undefined;
  after(async () => {
    await browser?.close();
    await server.kill('SIGTERM');
    await db.end();
    await rm(home, { recursive: true, force: true });
    if (pageErrors.length > 0) throw new AggregateError(pageErrors, 'A page threw an error.');
  });
  const contexts: BrowserContext[] = [];
  // Pages left open would go on following the kitchen and make every later test slower.
  afterEach(async () => {
    for (const context of contexts.splice(0)) {
      await context.unrouteAll({ behavior: 'ignoreErrors' });
      await context.close();
    }
  });
  // It prints its links when it is ready.
  const [, guest, kitchen] = (await server.says(
    /guest\s+(http\S+)[\s\S]*kitchen\s+(http\S+)\n/,
  )) as unknown as string[];
  browser = await launchBrowser(program);
  const { origin: url, pathname } = new URL(guest!);
  const slug = pathname.split('/')[2]!;

  const open = async (options: BrowserContextOptions, address: string) => {
    // Nothing that moves without end is drawn sixty times a second by a processor that others need.
    const context = await browser!.newContext({
      baseURL: url,
      locale: 'ko-KR',
      reducedMotion: 'reduce',
      ...options,
    });
    // For a machine that runs everything else at the same time.
    context.setDefaultTimeout(120_000);
    contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => pageErrors.push(error));
    await page.goto(address);
    return { page, context };
  };
  return {
    url,
    slug,
    kitchenKey: new URLSearchParams(new URL(kitchen!).hash.slice(1)).get('key')!,
    adminKey,
    db,
    phone: ({ table = '7', path = `/s/${slug}/t/${encodeURIComponent(table)}`, locale = 'ko-KR' } = {}) =>
      open({ ...PHONE, locale }, path),
    kitchen: async () => (await open(SCREEN, kitchen!)).page,
  };
}
