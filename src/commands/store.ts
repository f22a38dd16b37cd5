import { writeFile } from 'node:fs/promises';
import { BOUNDS, type Config } from '../config.ts';
import {
  type OpeningHours,
  StoreChange,
  StoreRequest,
  type StoreSettings,
  StoreStateRequest,
} from '../contract/index.ts';
import { pacing } from '../kitchen/index.ts';
import { copyMenu } from '../menu/index.ts';
import { withDatabase } from '../platform/db/commands/with-database.ts';
import type { Db } from '../platform/db/pool.ts';
import { createPublicAddress } from '../platform/http/addresses/public-address.ts';
import { checkBody } from '../platform/http/request/validation.ts';
import { toProblem } from '../platform/http/to-problem.ts';
import { readKeys } from '../platform/secrets/secrets.ts';
import { writeLog } from '../staff/index.ts';
import {
  createSetState,
  createSetUp,
  createTableKeys,
  drawInThread,
  findStores,
  listStores,
  lockStores,
  type Store,
  sheetOf,
} from '../store/index.ts';

/** What `store add` and `store set` take, as it was typed. */
export interface StoreOptions {
  readonly name?: string;
  readonly nameEn?: string;
  readonly tables?: string;
  readonly tableLinks?: 'open' | 'signed';
  readonly visitCode?: string;
  readonly payFirst?: string;
  readonly hours?: string;
  readonly daysOff?: string;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly prepMinutes?: number;
  readonly stations?: string;
  readonly languages?: string;
}

export interface StoreAddOptions extends StoreOptions {
  readonly brand?: string;
  readonly brandName?: string;
  readonly template?: string;
}

type Log = (line: string) => void;
type Wanted = Pick<Config, 'databaseUrl' | 'home'>;

/** `matjip store add SLUG` @throws Problem naming each field that is wrong */
export async function storeAddCommand(
  config: Wanted,
  slug: string,
  { brand, brandName, template, ...options }: StoreAddOptions,
  log: Log = console.log,
): Promise<void> {
  const { name, ...change } = toChange(options);
  const request = {
    slug,
    ...(name && { name: { ko: name.ko ?? '', en: name.en ?? '' } }),
    ...(brand !== undefined && {
      brand: { slug: brand, ...(brandName !== undefined && { name: { ko: brandName, en: brandName } }) },
    }),
    ...(template !== undefined && { template }),
    ...change,
  };
  check(StoreRequest, request);
  await withSetUp(config, async ({ setUp }) => {
    const { settings } = await setUp.add(request);
    log(`Made ${describe(settings)}`);
  });
}

/** `matjip store set SLUG` @throws Problem naming each field that is wrong */
export async function storeSetCommand(
  config: Wanted,
  slug: string,
  options: StoreOptions,
  log: Log = console.log,
): Promise<void> {
  const { name, ...change } = toChange(options);
  await withSetUp(config, async ({ setUp, find }) => {
    const store = await find(slug);
    // A name in one language leaves the other as it is.
    const asked = { ...change, ...(name && { name: { ...store.name, ...name } }) };
    check(StoreChange, asked);
    const changed = await setUp.change(store, asked);
    log(describe(changed));
  });
}

/** `matjip store list` */
export async function storeListCommand(
  config: Wanted,
  { json = false }: { json?: boolean },
  log: Log = console.log,
): Promise<void> {
  await withSetUp(config, async ({ setUp, all }) => {
    const found: StoreSettings[] = [];
    for (const store of await all()) found.push(await setUp.read(store));
    if (json) log(JSON.stringify(found, null, 2));
    else if (found.length === 0) log('There are no stores yet: `matjip store add --help`.');
    else for (const each of found) log(describe(each));
  });
}

/** `matjip store pause SLUG` and `matjip store open SLUG` @throws Problem naming what is wrong */
export async function storeStateCommand(
  config: Wanted,
  slug: string,
  state: 'paused' | 'open',
  { reason, minutes }: { reason?: string; minutes?: number } = {},
  log: Log = console.log,
): Promise<void> {
  await withSetUp(config, async ({ find, setState, now }) => {
    const asked: StoreStateRequest = {
      state,
      ...(reason !== undefined && { reason }),
      ...(minutes !== undefined && { until: new Date(now() + minutes * 60_000).toISOString() }),
    };
    check(StoreStateRequest, asked);
    const store = await setState(await find(slug), asked);
    log(`${store.slug}: ${stateOf(store)}`);
  });
}

/**
 * `matjip store qr SLUG`: writes the sheet that the page offers, with the keys of this home or of `SECRET`.
 * @param file unset: `qr-SLUG.pdf` in the present folder
 */
export async function storeQrCommand(
  config: Config,
  slug: string,
  { file = `qr-${slug}.pdf` }: { file?: string } = {},
  log: Log = console.log,
): Promise<void> {
  const address = createPublicAddress(config);
  const own = `http://localhost:${config.port}`;
  address.listensAt(own);
  const base = address.base() ?? own;
  await withSetUp(config, async ({ setUp, find }) => {
    const store = await find(slug);
    const { languages } = await setUp.read(store);
    const sheet = sheetOf(createTableKeys(readKeys(config).secret), store, base, languages);
    await writeFile(file, await drawInThread(sheet));
    log(`Wrote ${file}: ${sheet.codes.length} codes, which begin with ${base}`);
    if (base === own)
      log('They open on this computer only. Set PUBLIC_URL, or HOST as the server has it, and write it again.');
  });
}

async function withSetUp(config: Wanted, work: (parts: ReturnType<typeof partsOf>) => Promise<void>): Promise<void> {
  await withDatabase(config, async (db) => {
    // The database's clock, as everywhere: a laptop's may be wrong by more than a pause is long.
    const { rows } = await db.query<{ now: Date }>('SELECT now()');
    const aheadMs = rows[0]!.now.getTime() - Date.now();
    await work(partsOf(db, () => Date.now() + aheadMs));
  });
}

/** A command looks at so many at once. */
const PAGE = 200;

function partsOf(db: Db, now: () => number) {
  const reads = { db, pacing, now };
  return {
    now,
    setUp: createSetUp({ db, lockStores, pacing, copyMenu, writeLog, now }),
    setState: createSetState(db, lockStores, pacing, now),
    async find(slug: string): Promise<Store> {
      const [store] = await findStores(reads, [], [slug]);
      if (!store) throw new Error(`There is no store '${slug}'; \`matjip store list\` shows them.`);
      return store;
    },
    async all(): Promise<Store[]> {
      const found: Store[] = [];
      for (;;) {
        const [page = []] = await listStores(reads, [{ limit: PAGE, after: found.at(-1)?.slug ?? null }]);
        found.push(...page.slice(0, PAGE));
        if (page.length <= PAGE) return found;
      }
    },
  };
}

/** As the API would, so that both refuse the same in the same words. @throws Problem `invalid` */
function check(schema: object, value: unknown): void {
  try {
    checkBody(schema, value);
  } catch (error) {
    throw toProblem(error, BOUNDS.bodyBytesMax);
  }
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

const ON_OFF: Readonly<Record<string, boolean>> = { on: true, off: false };

function toChange(options: StoreOptions): Omit<StoreChange, 'name'> & { name?: { ko?: string; en?: string } } {
  const { name, nameEn, tables, hours, daysOff, stations, languages, visitCode, payFirst, ...rest } = options;
  return {
    ...rest,
    ...((name !== undefined || nameEn !== undefined) && {
      name: { ...(name !== undefined && { ko: name }), ...(nameEn !== undefined && { en: nameEn }) },
    }),
    ...(tables !== undefined && { tables: /^\d+$/.test(tables.trim()) ? Number(tables) : listed(tables) }),
    // What is neither goes on as it was typed, and is refused with what is allowed.
    ...(visitCode !== undefined && { visitCode: (ON_OFF[visitCode] ?? visitCode) as boolean }),
    ...(payFirst !== undefined && { payFirst: (ON_OFF[payFirst] ?? payFirst) as boolean }),
    ...(hours !== undefined && { hours: readHours(hours) }),
    ...(daysOff !== undefined && { daysOff: listed(daysOff) }),
    ...(stations !== undefined && { stations: listed(stations) }),
    ...(languages !== undefined && { languages: listed(languages) as ('ko' | 'en')[] }),
  };
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const SPAN = /^(mon|tue|wed|thu|fri|sat|sun)(?:-(mon|tue|wed|thu|fri|sat|sun))? (\d\d:\d\d)-(\d\d:\d\d)$/i;

/**
 * `mon-fri 11:00-22:00, sat 12:00-02:00`, or `always`.
 * @throws RangeError with what is allowed
 */
export function readHours(text: string): OpeningHours[] | null {
  if (text.trim() === 'always') return null;
  return listed(text).flatMap((span) => {
    const [, first, last = first, from = '', to = ''] = SPAN.exec(span) ?? [];
    if (!first) throw new RangeError(`--hours: '${span}' is not like 'mon-fri 11:00-22:00' or 'sat 12:00-02:00'.`);
    const start = DAYS.indexOf(first.toLowerCase() as 'mon');
    const end = DAYS.indexOf(last!.toLowerCase() as 'mon');
    // From Friday to Monday goes over the end of the week.
    const count = ((end - start + 7) % 7) + 1;
    return Array.from({ length: count }, (_, at) => ({ day: ((start + at) % 7) + 1, from, to }));
  });
}

function describe(store: StoreSettings): string {
  const tables = store.tables === 0 ? 'counter only' : `${store.tables} tables`;
  return `${store.slug}: ${store.name.ko} / ${store.name.en} (${store.brand.slug}), ${tables}, ${store.currency}, ${store.timeZone}, ${stateOf(store)}`;
}

function stateOf({ state, reason, until }: Pick<Store, 'state' | 'reason' | 'until'>): string {
  const why = reason ? ` (${reason})` : '';
  return `${state}${why}${until ? ` until ${until}` : ''}`;
}
