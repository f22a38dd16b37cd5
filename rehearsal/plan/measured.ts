/**
 * What a plan rests on: of each rung how much one machine carried, and what a request cost. `matjip rehearse` writes it as `measured.json`
 * beside its results, with the series for the law of scaling where `matjip rehearse --scaling` measured one.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { CrowdResult, FullHouse, type Knee, Manifest, Scaling, Truth, type Work } from '../results/index.ts';
import { PlanError } from './plan-error.ts';
import { firstFault } from './prices.ts';

const Rate = Type.Number({ exclusiveMinimum: 0 });
const Text = Type.Object({ ko: Type.String(), en: Type.String() });

export const MeasuredRung = Type.Object({
  name: Type.String({ minLength: 1 }),
  label: Text,
  ladder: Type.Optional(Type.String()),
  /** Its place from the bottom of its ladder. */
  step: Type.Optional(Type.Integer({ minimum: 0 })),
  /** What it was set to, such as CACHE=tiered, which needs a Redis. */
  switches: Type.Record(Type.String(), Type.String()),
  /** Of the machine that carried it, the load generator's share included. */
  cores: Type.Number({ minimum: 1 }),
  /** Requests a second, with the bounds of its interval. */
  knee: Type.Object({
    low: Rate,
    base: Rate,
    high: Rate,
    /** No load tried was too much: it carries this, and nobody knows how much more. */
    atLeast: Type.Optional(Type.Boolean()),
  }),
  /** It gave answers that were out of date for more than a second, blank pages, or lost orders. */
  wrong: Type.Boolean(),
  /** CPU of a request. */
  cpuMs: Type.Optional(Type.Object({ api: Type.Number({ minimum: 0 }), database: Type.Number({ minimum: 0 }) })),
  /** Share of the requests that were orders. */
  ordersShare: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
  /** What more cores carried, for the law of scaling; a core may be a fraction of one. Not the knee: what they did when they always had work. */
  scaling: Type.Optional(Type.Array(Type.Object({ cores: Type.Number(), perSecond: Type.Number() }))),
});
export type MeasuredRung = Static<typeof MeasuredRung>;

export const Measured = Type.Object({
  kind: Type.Literal('matjip-measured'),
  version: Type.Literal(1),
  /** Of the newest result. */
  measuredAt: Type.String(),
  machine: Type.String(),
  rungs: Type.Array(MeasuredRung, { minItems: 1 }),
});
export type Measured = Static<typeof Measured>;

export const MEASURED = 'measured.json';
/** The series for the law of scaling, in a rehearsal's folder of results. */
export const SCALING = 'scaling.json';

/** @param from such a file, or a folder that holds one, or a rehearsal's folder of results. @throws PlanError */
export function readMeasured(from: string): Measured {
  if (!existsSync(from)) throw new PlanError(`${from}: no such file or folder`);
  if (!statSync(from).isDirectory()) return readFile(from);
  if (existsSync(join(from, MEASURED))) return readFile(join(from, MEASURED));
  const collected = collectMeasured(from);
  if (!collected) throw new PlanError(`${from}: no knee was measured there; npm run rehearse measures some`);
  return collected;
}

function readFile(file: string): Measured {
  const value = readJson(file);
  if (!Value.Check(Measured, value)) throw new PlanError(`${file}: ${firstFault(Measured, value)}`);
  for (const { name, knee } of value.rungs) {
    if (knee.low > knee.base || knee.base > knee.high)
      throw new PlanError(`${file}: rung ${name}: knee.low ≤ knee.base ≤ knee.high is needed`);
  }
  return value;
}

/** From the folders that a rehearsal left: those with a manifest and a knee. Undefined when there is none. */
export function collectMeasured(folder: string): Measured | undefined {
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const read = <T extends Type.TSchema>(schema: T, file: string): Static<T> | undefined => {
        const path = join(folder, name, file);
        const value = existsSync(path) ? readJson(path) : undefined;
        return Value.Check(schema, value) ? (value as Static<T>) : undefined;
      };
      const [manifest, crowd] = [read(Manifest, 'manifest.json'), read(CrowdResult, 'crowd.json')];
      const knee = crowd?.knee && boundsOf(crowd.knee);
      const work = read(FullHouse, 'full-house.json')?.work;
      return manifest && crowd && knee ? [{ manifest, crowd, knee, work, truth: read(Truth, 'truth.json') }] : [];
    });
  if (found.length === 0) return undefined;
  const [newest] = found.map(({ manifest }) => manifest).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const { model, cpus, memoryGiB } = newest!.machine;
  const series = existsSync(join(folder, SCALING)) ? readJson(join(folder, SCALING)) : undefined;
  if (series !== undefined && !Value.Check(Scaling, series)) {
    throw new PlanError(`${join(folder, SCALING)}: ${firstFault(Scaling, series)}`);
  }
  return {
    kind: 'matjip-measured',
    version: 1,
    measuredAt: newest!.startedAt,
    machine: `${model}, ${cpus} CPU, ${memoryGiB} GiB`,
    rungs: found.map(({ manifest, crowd, knee, work, truth }) => ({
      name: manifest.rung,
      label: manifest.label,
      ...(manifest.ladder !== undefined && { ladder: manifest.ladder }),
      ...(manifest.step !== undefined && { step: manifest.step }),
      switches: manifest.switches,
      cores: manifest.machine.cpus,
      knee,
      wrong: isWrong(manifest, truth),
      ...costOf(work ?? manifest.server),
      ...ordersOf(crowd),
      ...scalingOf(manifest, series),
    })),
  };
}

/** The interval where there is one; otherwise from what was borne up to the next load that was not. */
function boundsOf({ ratePerSecond, interval, tried }: Knee): MeasuredRung['knee'] | undefined {
  if (ratePerSecond === null || ratePerSecond <= 0) return undefined;
  if (interval) {
    const high = interval.high ?? Math.max(ratePerSecond, interval.low);
    return { low: interval.low, base: ratePerSecond, high, ...(interval.high === null && { atLeast: true }) };
  }
  const above = tried.filter(({ ok, rate, generatorLimited }) => !ok && !generatorLimited && rate > ratePerSecond);
  if (above.length === 0) return { low: ratePerSecond, base: ratePerSecond, high: ratePerSecond, atLeast: true };
  return { low: ratePerSecond, base: ratePerSecond, high: Math.min(...above.map(({ rate }) => rate)) };
}

/** What a manifest says beside the server's own switches. */
const BESIDE = ['changes', 'history'];

/** A series belongs to every rung whose servers were switched as its nodes were. */
function scalingOf({ switches }: Manifest, series: Scaling | undefined): Pick<MeasuredRung, 'scaling'> {
  const own = Object.entries(switches).filter(([name]) => !BESIDE.includes(name));
  const isSame =
    series !== undefined &&
    own.length === Object.keys(series.switches).length &&
    own.every(([name, value]) => series.switches[name] === value);
  return isSame ? { scaling: series.points.map(({ cores, perSecond }) => ({ cores, perSecond })) } : {};
}

/** Later than that a change must be visible; DESIGN's promise. */
const STALE_MS_MAX = 1_000;

/** A cache that nothing refreshes is right only as long as nothing changes. */
function isWrong(manifest: Manifest, truth: Truth | undefined): boolean {
  if (manifest.switches.CACHE_REFRESH === 'never') return true;
  if (!truth) return false;
  const { wrongForEver, blank, orders, staleShare, oldestAgeMs } = truth;
  const lost = (orders?.lost ?? 0) + (orders?.doubled ?? 0);
  return wrongForEver || blank > 0 || lost > 0 || (staleShare > 0 && oldestAgeMs > STALE_MS_MAX);
}

function costOf(work: Work | Manifest['server']): Pick<MeasuredRung, 'cpuMs'> {
  const { cpuSeconds, databaseCpuSeconds, requests = 0 } = work ?? {};
  if (cpuSeconds === undefined || databaseCpuSeconds === undefined || requests <= 0) return {};
  return { cpuMs: { api: (cpuSeconds * 1000) / requests, database: (databaseCpuSeconds * 1000) / requests } };
}

function ordersOf({ endpoints, attempted }: CrowdResult): Pick<MeasuredRung, 'ordersShare'> {
  const orders = endpoints.find(({ name }) => name.startsWith('POST '))?.attempted ?? 0;
  return orders > 0 && attempted > 0 ? { ordersShare: orders / attempted } : {};
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PlanError(`${file}: ${error instanceof SyntaxError ? 'is not JSON' : (error as Error).message}`);
  }
}
