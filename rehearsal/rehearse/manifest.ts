import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import Value from 'typebox/value';
import type { PlacedRung } from '../ladder/ladders.ts';
import type { Rung } from '../ladder/rung.ts';
import { Manifest } from '../results/index.ts';
import type { RehearseOptions } from './options.ts';

const ROOT = join(import.meta.dirname, '../..');
/** After which Artillery gives up on an answer; `http.timeout` of artillery/api-test.yml. */
const TIMEOUT_MS = 10_000;

/** A fingerprint of everything that decides a measurement besides its options: results of other code are no results. */
function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['src', 'migrations', 'artillery', 'rehearsal']) {
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(ts|mjs|sql|yml|json|csv)$/.test(entry.name)) continue;
      const file = join(entry.parentPath, entry.name);
      // Results and installed packages lie in folders below artillery/; nothing of ours does.
      if (folder === 'artillery' && entry.parentPath !== join(ROOT, folder)) continue;
      // How results are told changes none of them.
      const isTelling = ['report', 'plan', 'publish'].some((room) => file.startsWith(join(ROOT, 'rehearsal', room)));
      if (/\.test\.ts$/.test(entry.name) || isTelling) continue;
      hash.update(file.slice(ROOT.length)).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

function commit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

/** What stays the same for all rungs of one rehearsal. */
export interface Surroundings {
  readonly machine: Manifest['machine'];
  readonly versions: Manifest['versions'];
}

export function lookAround(artillery: string): Surroundings {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const head = commit();
  return {
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model.trim() || 'unknown',
      memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
      node: process.versions.node,
    },
    versions: { artillery, matjip: version, source: sourceHash(), ...(head && { commit: head }) },
  };
}

export const phasesOf = ({ warmupS, durationS, rate }: RehearseOptions) => [
  { name: 'warm-up', duration: warmupS, arrivalRate: rate },
  { name: 'steady', duration: durationS, arrivalRate: rate },
];

/** What a run of a rung will be, before it is known how it went. */
export type PlannedManifest = Omit<Manifest, 'startedAt'>;

const siteOf = ({ nodes, redis }: NonNullable<Rung['site']>): string =>
  `nginx, ${nodes} node${nodes > 1 ? 's' : ''}${redis ? ', Redis' : ''}`;

export function planManifest(
  { rung, ladder }: PlacedRung,
  repeat: number,
  options: RehearseOptions,
  { machine, versions }: Surroundings,
): PlannedManifest {
  let startMs = 0;
  return {
    kind: 'matjip-manifest',
    version: 1,
    rung: rung.name,
    label: { ...rung.label },
    ladder: ladder.name,
    ...(rung.step !== undefined && { step: rung.step }),
    repeat,
    switches: {
      ...rung.switches,
      ...(rung.untuned && { indexes: 'keys only' }),
      ...(rung.site && { site: siteOf(rung.site) }),
      ...(options.history > 0 && { history: `${options.history} orders` }),
      ...(rung.changes && { changes: `every ${options.changeEveryMs} ms` }),
    },
    offeredPerSecond: options.rate,
    phases: phasesOf(options).map(({ name, duration, arrivalRate }) => {
      const phase = { name, startMs, durationS: duration, arrivalRate };
      startMs += duration * 1000;
      return phase;
    }),
    warmupS: options.warmupS,
    timeoutMs: TIMEOUT_MS,
    // A dish that is gone or dearer by now is a right answer to an order.
    expectedCodes: [409],
    seed: options.seed,
    machine,
    versions,
  };
}

const MANIFEST = 'manifest.json';
/** What a run is told apart by; when it was and how it went does not count. */
export const planKey = ({
  rung,
  repeat,
  switches,
  offeredPerSecond,
  phases,
  seed,
  versions: { commit: _, ...versions },
}: PlannedManifest) => JSON.stringify({ rung, repeat, switches, offeredPerSecond, phases, seed, versions });

/** The knee belongs to the rung, so only its first run looks for it, and there is none of blank pages. */
export const wantsKnee = (rung: Rung, planned: PlannedManifest, { knee }: Pick<RehearseOptions, 'knee'>): boolean =>
  knee && planned.repeat === 1 && !rung.expect.blank;

/** Whether this folder holds a whole result of exactly this plan. The manifest is written last, so it speaks for the rest. */
export function isMeasured(folder: string, planned: PlannedManifest): boolean {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return false;
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Value.Check(Manifest, found) && planKey(found) === planKey(planned);
  } catch {
    return false;
  }
}

/** Whether its knee was found as well, all rounds of it. */
export const hasKnee = (folder: string, planned: PlannedManifest): boolean =>
  isMeasured(folder, planned) && existsSync(join(folder, 'crowd.json'));

export function writeManifest(folder: string, manifest: Manifest): void {
  writeJson(join(folder, MANIFEST), manifest);
}

/** Whole or not at all: a rehearsal that is killed leaves no half file. */
export function writeJson(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}
