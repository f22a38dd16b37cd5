import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';
import { writeOnce } from './platform/durable-file.ts';

export interface Keys {
  readonly secret: string;
  readonly adminKey: string;
}

const OWNER_ONLY = 0o600;

/**
 * The keys from the environment, or those made at the first start and kept under the home.
 * @throws ConfigError when the kept file cannot be read or written
 */
export function readKeys(config: Config): Keys {
  if (config.secret && config.adminKey) return { secret: config.secret, adminKey: config.adminKey };
  const file = join(config.home, 'keys.json');
  const kept = readKept(file);
  const keys: Keys = {
    secret: config.secret ?? kept?.secret ?? randomBytes(32).toString('base64url'),
    adminKey: config.adminKey ?? kept?.adminKey ?? randomBytes(18).toString('base64url'),
  };
  if (!kept) {
    try {
      mkdirSync(config.home, { recursive: true });
      // Another process of the same start was first: its keys are the keys.
      const other = writeOnce(file, `${JSON.stringify(keys, null, 2)}\n`, OWNER_ONLY) ? undefined : readKept(file);
      if (other) return { secret: config.secret ?? other.secret, adminKey: config.adminKey ?? other.adminKey };
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      throw new ConfigError(
        `${file} cannot be written (${(error as Error).message}): set MATJIP_HOME to a folder of yours.`,
      );
    }
  }
  return keys;
}

function readKept(file: string): Keys | undefined {
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
    const kept = JSON.parse(text) as Partial<Keys>;
    if (typeof kept.secret === 'string' && typeof kept.adminKey === 'string') {
      return { secret: kept.secret, adminKey: kept.adminKey };
    }
  } catch {}
  throw new ConfigError(`${file} is damaged: restore it from a copy, or move it away (guests must then order anew).`);
}
