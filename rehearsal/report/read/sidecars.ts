/** Finds and reads the files beside a result (see `rehearsal/results`). A broken one is left out and said, never guessed at. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type Type from 'typebox';
import type { Static } from 'typebox';
import Value from 'typebox/value';
import { CrowdResult, FullHouse, Manifest, Truth } from '../../results/index.ts';
import type { Text } from '../run.ts';
import { ioReason, Unreadable } from './unreadable.ts';

export interface Sidecars {
  manifest?: Manifest;
  truth?: Truth;
  fullHouse?: FullHouse;
  crowd?: CrowdResult;
  /** Path of `distribution.jsonl`, read later in one pass. */
  distribution?: string;
  notes: Text[];
}

/** Sidecars are small; a file beyond this is something else. */
const SIDECAR_BYTES_MAX = 64 * 1024 * 1024;
const OWN_NAMES = ['result.json', 'crowd.json'];

export async function readSidecars(result: string): Promise<Sidecars> {
  const folder = dirname(result);
  const name = basename(result);
  const prefix = OWN_NAMES.includes(name) ? '' : `${name.replace(/\.json$/i, '')}.`;
  const path = (sidecar: string): string => join(folder, `${prefix}${sidecar}`);
  const found: Sidecars = { notes: [] };
  const read = async <T extends Type.TSchema>(schema: T, sidecar: string): Promise<Static<T> | undefined> => {
    if (!existsSync(path(sidecar))) return undefined;
    try {
      return await readTyped(schema, path(sidecar));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      found.notes.push({
        ko: `곁들임 파일을 읽지 못해 빼고 보고합니다: ${why}`,
        en: `A file beside the result could not be read and is left out: ${why}`,
      });
      return undefined;
    }
  };
  const manifest = await read(Manifest, 'manifest.json');
  const truth = await read(Truth, 'truth.json');
  const fullHouse = await read(FullHouse, 'full-house.json');
  const crowd = name === 'crowd.json' ? undefined : await read(CrowdResult, 'crowd.json');
  if (manifest) found.manifest = manifest;
  if (truth) found.truth = truth;
  if (fullHouse) found.fullHouse = fullHouse;
  if (crowd) found.crowd = crowd;
  if (name !== 'crowd.json' && existsSync(path('distribution.jsonl'))) found.distribution = path('distribution.jsonl');
  return found;
}

/** Reads a small JSON file of a known shape; throws {@link Unreadable} with the first thing that is wrong. */
export async function readTyped<T extends Type.TSchema>(schema: T, file: string): Promise<Static<T>> {
  let text: string;
  try {
    if (statSync(file).size > SIDECAR_BYTES_MAX) throw new Unreadable(file, 'is too large to be what its name says');
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(file, ioReason(error));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unreadable(file, text.trim() === '' ? 'is empty' : 'is not JSON');
  }
  if (Value.Check(schema, value)) return value as Static<T>;
  const [first] = Value.Errors(schema, value);
  const where = first?.instancePath ? `${first.instancePath.slice(1).replaceAll('/', '.')} ` : '';
  throw new Unreadable(file, `${where}${first?.message ?? 'has another shape'}`);
}
