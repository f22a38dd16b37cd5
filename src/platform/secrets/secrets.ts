import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from '../../config.ts';
import { makeFolder, writeOnce } from '../files/durable-file.ts';
import type { Secret } from './signature.ts';

export interface Keys {
  readonly secret: Secret;
  readonly adminKey: string;
}

const OWNER_ONLY = 0o600;

/**
 * The keys from the environment, which are written nowhere, or those made at the first start without and kept under the home, each in a
 * file of its own.
 * @throws ConfigError when a kept file cannot be read or written
 */
export function readKeys({ home, secret, secretPrevious, adminKey }: Config): Keys {
  const current = secret ?? keep(home, 'secret', 32);
  return {
    secret: secretPrevious ? [current, secretPrevious] : current,
    adminKey: adminKey ?? keep(home, 'adminKey', 18),
  };
}

/** Whether there are keys that nobody was told of yet: those that {@link readKeys} makes at a first start. */
export function isFirstStart({ home, secret, adminKey }: Config): boolean {
  const isKept = (name: 'secret' | 'adminKey') =>
    readKept(join(home, 'keys.json'), name) !== undefined || readKept(join(home, `${name}.json`), name) !== undefined;
  return (secret === undefined && !isKept('secret')) || (adminKey === undefined && !isKept('adminKey'));
}

/** @param bytes of one that is made */
function keep(home: string, name: 'secret' | 'adminKey', bytes: number): string {
  const file = join(home, `${name}.json`);
  // Where both were kept before each had a file.
  const known = readKept(join(home, 'keys.json'), name) ?? readKept(file, name);
  if (known) return known;
  const made = randomBytes(bytes).toString('base64url');
  try {
    makeFolder(home);
    // Another process of the same start was first: its key is the key.
    const isOurs = writeOnce(file, `${JSON.stringify({ [name]: made })}\n`, OWNER_ONLY);
    return (isOurs ? undefined : readKept(file, name)) ?? made;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `${file} cannot be written (${(error as Error).message}): set MATJIP_HOME to a folder of yours.`,
    );
  }
}

function readKept(file: string, name: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError(`${file} cannot be read (${(error as Error).message}).`);
  }
  // A power cut at the first start; nobody has used what was to be in it.
  if (text.trim() === '') return undefined;
  try {
    const kept = (JSON.parse(text) as Record<string, unknown>)[name];
    if (typeof kept === 'string') return kept;
  } catch {}
  throw new ConfigError(`${file} is damaged: restore it from a copy, or move it away (guests must then order anew).`);
}
