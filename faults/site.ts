import { join } from 'node:path';
import { orderKey } from '../rehearsal/crowd/order-key.ts';
import { readPassword } from '../src/platform/db/embedded/data-folder.ts';
import { readPostmaster } from '../src/platform/db/embedded/postmaster.ts';
import { type Db, openDb } from '../src/platform/db/pool.ts';
import type { Client } from '../test/support/client.ts';
import { atEndOf } from '../test/support/lifetime.ts';
import { type OwnPostgres, startOwnPostgres } from '../test/support/own-postgres.ts';
import { startServed } from '../test/support/served.ts';
import { freePort, type Service, startRedis } from '../test/support/services.ts';
import { makeStore, type TestStore } from '../test/support/store.ts';
import { type Crowd, startCrowd } from './crowd/crowd.ts';
import type { CrowdPlan } from './crowd/plan.ts';
import { readTimeline, type Timeline } from './crowd/timeline.ts';
import { plantedEnv } from './planted/planted.ts';
import type { Check, Scene } from './scenario.ts';
import { judge, type Verdict, verdictChecks } from './verdict/judge.ts';
import { openShownStore, type ShownStore } from './verdict/shown.ts';

export interface SiteOptions {
  /** Processes that serve. */
  readonly workers?: number;
  readonly redis?: boolean;
  /** Between Matjip and its Postgres: given the real address, it says where Matjip is to go. */
  readonly between?: { postgres(url: string): Promise<string> };
  /** Switches as in the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Portions of the limited dish. */
  readonly portions?: number;
  /** The program that serves; unset: this version's. */
  readonly main?: string;
}

/** Matjip as a person starts it, on some Postgres and, where asked for, with a Redis of its own, and one store. */
export interface ServedSite {
  readonly url: string;
  readonly client: Client;
  /** Where the truth is read, past whatever stands between. */
  readonly databaseUrl: string;
  readonly redis: RestartableRedis | undefined;
  readonly store: CrowdStore;
  /** The files of all the crowds so far. */
  readonly ledgers: string[];
  readonly db: Db;
  /** The processes that serve at the moment. */
  workers(): number[];
  /** Of those that served at first, how many are gone. */
  ended(): number;
  /** When each of its processes wrote down what contains this, in milliseconds since 1970. */
  saidAtMs(what: string): number[];
  /** As a supervisor does. @returns the exit code */
  stop(): Promise<number | null>;
}

/** The same on a durable Postgres that can be killed, frozen and started again. */
export interface Site extends ServedSite {
  readonly postgres: OwnPostgres;
}

export type CrowdStore = TestStore<'stew' | 'tea'>;

/** A Redis that keeps nothing on disk, to be killed and started again where it was. */
export interface RestartableRedis {
  readonly url: string;
  pid(): number;
  kill(): Promise<void>;
  start(): Promise<void>;
}

const PORTIONS = 10_000_000;

/** Orders a second of the crowds: what a fault does is seen at a rate that a small, busy machine carries without effort. */
export const ORDERS_PER_SECOND = 60;

export async function openSite(scene: Scene, options: SiteOptions = {}): Promise<Site> {
  const postgres = await startOwnPostgres(scene.life);
  return { ...(await serveOn(scene, postgres.url, options)), postgres };
}

/** @param known a store that is there already; unset: one is made */
export async function serveOn(
  scene: Scene,
  postgresUrl: string,
  options: SiteOptions = {},
  known?: CrowdStore,
): Promise<ServedSite> {
  const { life } = scene;
  const redis = options.redis ? await startOwnRedis(scene) : undefined;
  const databaseUrl = (await options.between?.postgres(postgresUrl)) ?? postgresUrl;
  const env = {
    ...(databaseUrl !== EMBEDDED && { DATABASE_URL: databaseUrl }),
    WORKERS: String(options.workers ?? 2),
    // One address is the whole crowd; overload control stays on, as it is shipped.
    LIMITS: 'off',
    OVERLOAD: 'on',
    ...(redis && { REDIS_URL: redis.url, CACHE: 'tiered' }),
    ...plantedEnv(scene.planted),
    ...options.env,
  };
  const served = await startServed(life, env, options.main);
  const truthUrl = postgresUrl === EMBEDDED ? embeddedUrl(options.env!.MATJIP_HOME!) : postgresUrl;
  const db = openDb({ url: truthUrl, connectionsMax: 2, applicationName: 'verdict', statementTimeoutMs: 120_000 });
  atEndOf(life, () => db.close());
  const first = served.workers();
  return {
    url: served.url,
    client: served.client,
    databaseUrl: truthUrl,
    redis,
    store: known ?? (await makeCrowdStore(db, options.portions ?? PORTIONS)),
    ledgers: [],
    db,
    workers: served.workers,
    ended() {
      const now = served.workers();
      return first.filter((pid) => !now.includes(pid)).length;
    },
    saidAtMs: (what) =>
      served
        .said()
        .split('\n')
        .filter((line) => line.startsWith('{') && line.includes(what))
        .map((line) => Number(JSON.parse(line).time)),
    stop() {
      served.signal('SIGTERM');
      return served.ended;
    },
  };
}

/** In the place of an address: the one that `matjip serve` keeps under `MATJIP_HOME`. */
export const EMBEDDED = 'embedded';

function embeddedUrl(home: string): string {
  const { port } = readPostmaster(join(home, 'postgres'))!;
  return `postgres://matjip:${readPassword(home)}@127.0.0.1:${port}/matjip`;
}

/** A dish of which there is a number, and one of which there is none. */
const makeCrowdStore = (db: Db, portions: number): Promise<CrowdStore> =>
  makeStore(db, { stew: { price: 9_000, remaining: portions }, tea: { price: 2_000 } });

async function startOwnRedis({ life }: Scene): Promise<RestartableRedis> {
  const port = await freePort();
  let running: Service = await startRedis(life, [], port);
  return {
    url: running.url,
    pid: () => running.pid,
    async kill() {
      process.kill(running.pid, 'SIGKILL');
      await running.stop();
    },
    async start() {
      running = await startRedis(life, [], port);
    },
  };
}

/** Another store of the site, nobody's but the verdict's, with all that Matjip shows of a store. */
export async function openStoreAside(scene: Scene, site: ServedSite): Promise<ShownStore> {
  const { id, dishes } = await makeStore(site.db, { soup: { price: 8_000 } });
  const newKey = () => orderKey(scene.random, Date.now());
  return openShownStore(site.client, site.db, { id, dishId: dishes.soup.id }, newKey);
}

/** What a crowd saw, and what the database says to it. */
export interface Load<T> {
  readonly timeline: Timeline;
  readonly verdict: Verdict;
  readonly checks: Check[];
  /** What `during` returned. */
  readonly done: T;
}

/** Lets a crowd come, whose ledger is among those that the site is judged by. @param plan as of `underLoad` */
export function crowdAt(scene: Scene, site: ServedSite, plan: Partial<CrowdPlan>): Crowd {
  const { stew, tea } = site.store.dishes;
  const crowd = startCrowd(scene.life, scene.folder, {
    seed: scene.seed,
    urls: [site.url],
    storeId: site.store.id,
    dishes: [stew, tea].map(({ id, price }) => ({ id, price })),
    perSecond: ORDERS_PER_SECOND,
    ...plan,
  });
  site.ledgers.push(crowd.file);
  return crowd;
}

/**
 * Lets a crowd order, does something to the site meanwhile, lets the crowd go on for a moment, and balances its ledger with the books.
 * @param plan what differs from a crowd of one order each, over both dishes
 */
export async function underLoad<T>(
  scene: Scene,
  site: ServedSite,
  plan: Partial<CrowdPlan>,
  during: (crowd: Crowd) => Promise<T>,
): Promise<Load<T>> {
  const crowd = crowdAt(scene, site, plan);
  await crowd.served(1);
  const done = await during(crowd);
  await crowd.end();
  const verdict = await judge(site.databaseUrl, { files: site.ledgers, store: site.store.id });
  return { timeline: await readTimeline(crowd.file), verdict, checks: verdictChecks(verdict), done };
}
