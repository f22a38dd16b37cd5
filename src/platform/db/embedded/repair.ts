import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeDurably } from '../../files/durable-file.ts';
import type { Binaries } from './binaries.ts';
import { type DataFolder, NAME, unusable } from './data-folder.ts';

/** A Postgres that starts writes its file within this of making it. */
const WRITTEN_WITHIN_MS = 1_000;

/**
 * A power cut may leave `postmaster.pid` empty, and then Postgres does not dare to start. We hold the home, so no other may be
 * starting; one that a killed Matjip left behind in that very moment is given time to write it.
 */
export async function removeEmptyPidFile(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  const isEmpty = () => statSync(file, { throwIfNoEntry: false })?.size === 0;
  if (!isEmpty()) return;
  await delay(WRITTEN_WITHIN_MS);
  if (isEmpty()) rmSync(file, { force: true });
}

/**
 * Gives the role of a Postgres that does not run a new password, because nobody knows the old one any more: the file that held it
 * is missing, or empty after a power cut. Whoever may read the data folder has all that it protects already.
 * @throws Error when Postgres does not take it
 */
export async function renewPassword(home: string, data: DataFolder, binaries: Binaries): Promise<DataFolder> {
  const password = randomBytes(24).toString('base64url');
  const alone = ['--single', '-D', data.path, '-c', 'log_min_messages=warning', 'postgres'];
  const [file, args] = data.launcher.command(binaries.postgres, alone);
  await new Promise<void>((resolve, reject) => {
    const child = execFile(file, args, data.launcher.options as { encoding?: 'utf8' }, (error, _out, said) => {
      const lastWord = /^.*(?:ERROR|FATAL|PANIC): *(.*)$/m.exec(String(said))?.[1];
      if (error || lastWord) reject(unusable(home, `its password is lost, and ${lastWord ?? error?.message}`));
      else resolve();
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(`ALTER ROLE ${NAME} PASSWORD '${password}'\n`);
  });
  writeDurably(join(home, 'postgres.password'), password, 0o600);
  return { ...data, password };
}
