/** From the words of the command line to runs and groups of them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Manifest } from '../../results/index.ts';
import type { Group, Run } from '../run.ts';
import { type Naming, readArtilleryRun } from './artillery-run.ts';
import { readCrowdRun } from './crowd-run.ts';
import { cleanName } from './names.ts';
import { STANDARD_INPUT } from './read-text.ts';
import { readSidecars } from './sidecars.ts';
import { ioReason, Unreadable } from './unreadable.ts';

export interface Input {
  file: string;
  /** From `name=file`, or from the path. */
  name: string;
  /** Repeat by place: the second file of a name is its first repeat. */
  repeat: number;
  /** The name was given by hand, so it wins over the manifest's. */
  isNamed: boolean;
}

/** A report over more is a page that nobody reads. */
export const INPUTS_MAX = 60;
const GENERIC_NAMES = /^(?:result|results|report|output|out|crowd|artillery_report.*)$/i;

/**
 * `file`, `folder` (its result.json or crowd.json, and those of its repeat-N folders) or `name=file,file…`, which names a group
 * and says that its files are repeats. Throws {@link Unreadable}.
 */
export function expandInputs(words: readonly string[]): Input[] {
  const inputs: Input[] = [];
  for (const word of words) {
    const named = existsSync(word) ? null : /^([^=]+)=(.+)$/s.exec(word);
    const name = named?.[1];
    const paths = named?.[2]?.split(',') ?? [word];
    const files = paths.flatMap(filesOf);
    files.forEach((file, i) => {
      inputs.push({ file, name: cleanName(name ?? nameOf(file)), repeat: i + 1, isNamed: name !== undefined });
    });
  }
  if (inputs.length > INPUTS_MAX)
    throw new Unreadable(`${inputs.length} results`, `at most ${INPUTS_MAX} fit one report`);
  return inputs;
}

function filesOf(path: string): string[] {
  if (path === STANDARD_INPUT) return [path];
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw new Unreadable(path, ioReason(error));
  }
  if (!isFolder) return [path];
  const repeats = readdirSync(path)
    .filter((name) => /^repeat-\d+$/.test(name))
    .sort((a, b) => Number(a.slice(7)) - Number(b.slice(7)));
  const found = [path, ...repeats.map((name) => join(path, name))].flatMap(resultIn);
  if (found.length === 0) throw new Unreadable(path, 'is a folder without a result.json or crowd.json');
  return found;
}

function resultIn(folder: string): string[] {
  const found = ['result.json', 'crowd.json'].map((name) => join(folder, name)).find((file) => existsSync(file));
  return found ? [found] : [];
}

function nameOf(file: string): string {
  if (file === STANDARD_INPUT) return 'stdin';
  const stem = basename(file)
    .replace(/\.gz$/i, '')
    .replace(/\.jsonl?$/i, '');
  if (!GENERIC_NAMES.test(stem)) return stem;
  const folder = basename(dirname(resolve(file)));
  return /^repeat-\d+$/.test(folder) ? basename(dirname(dirname(resolve(file)))) : folder;
}

export async function readRun(input: Input, warmupS: number | undefined): Promise<Run> {
  const beside = input.file === STANDARD_INPUT ? { notes: [] } : await readSidecars(input.file);
  const naming = namingOf(input, beside.manifest);
  const run = await readArtilleryRun(input.file, naming, beside, warmupS);
  if (!('keys' in run)) return run;
  if (run.kind === 'matjip-crowd') return readCrowdRun(input.file, naming, beside);
  if (run.kind === 'matjip-report') {
    throw new Unreadable(input.file, 'is what `matjip report --json` wrote, not a result; give it to --against');
  }
  const keys =
    run.keys.length > 0 ? ` (its keys: ${run.keys.map((key) => cleanName(key).slice(0, 30)).join(', ')})` : '';
  throw new Unreadable(input.file, `is JSON, but no result of Artillery 1.x, 2.x or matjip${keys}`);
}

function namingOf(input: Input, manifest: Manifest | undefined): Naming {
  if (input.isNamed || !manifest) {
    return { group: input.name, label: { ko: input.name, en: input.name }, repeat: input.repeat };
  }
  const group = cleanName(manifest.rung);
  const label = { ko: cleanName(manifest.label.ko) || group, en: cleanName(manifest.label.en) || group };
  return { group, label, repeat: manifest.repeat ?? input.repeat };
}

/**
 * Groups runs by name, in the order given, or from the bottom of the ladder where all come from a rehearsal. Files that merely
 * share a name (two folders' `result.json` without a manifest) are told apart by a number instead of being taken for repeats.
 */
export function groupRuns(inputs: readonly Input[], runs: readonly Run[]): Group[] {
  const groups = new Map<string, Group>();
  runs.forEach((run, i) => {
    const input = inputs[i];
    let key = run.group;
    const isRepeat = input?.isNamed || run.manifest !== undefined || (input?.repeat ?? 1) > 1;
    for (let n = 2; !isRepeat && groups.has(key); n++) key = `${run.group} (${n})`;
    const existing = groups.get(key);
    if (existing) existing.runs.push(run);
    else groups.set(key, { key, label: key === run.group ? run.label : { ko: key, en: key }, runs: [run] });
  });
  const all = [...groups.values()];
  // Rungs beside the ladder (no step) come after it. A result without a manifest keeps everything in the order given.
  const isRehearsal = all.every((group) => group.runs[0]?.manifest !== undefined);
  const step = (group: Group): number => group.runs[0]?.manifest?.step ?? Number.MAX_SAFE_INTEGER;
  return isRehearsal ? all.sort((a, b) => step(a) - step(b)) : all;
}
