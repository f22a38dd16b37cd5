import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The small package of its own that holds Artillery, the scenario and the reporter. */
export const ARTILLERY_FOLDER = join(import.meta.dirname, '../../artillery');
const PACKAGE = join(ARTILLERY_FOLDER, 'node_modules/artillery');
const INSTALL_MINUTES_MAX = 15;
/** Its program, once it is installed. */
export const ARTILLERY = join(PACKAGE, 'bin/run');
/** It would otherwise fetch a browser and tell its makers of every run. */
export const QUIET = { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', ARTILLERY_DISABLE_TELEMETRY: 'true' };

const wantedVersion = (): string =>
  JSON.parse(readFileSync(join(ARTILLERY_FOLDER, 'package.json'), 'utf8')).dependencies.artillery;

const installedVersion = (): string | undefined => {
  const file = join(PACKAGE, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
};

/**
 * Installs Artillery at the first run: it is larger than all the rest of Matjip together.
 * @returns its version
 * @throws Error with npm's last words
 */
export async function ensureArtillery(log: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const wanted = wantedVersion();
  if (installedVersion() === wanted) return wanted;
  log(`Installing Artillery ${wanted} under artillery/ (once, about 460 MB)…`);
  try {
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: ARTILLERY_FOLDER,
      env: { ...process.env, ...QUIET },
      shell: process.platform === 'win32',
      timeout: INSTALL_MINUTES_MAX * 60_000,
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').slice(-3).join(' | ');
    throw new Error(`Artillery could not be installed (npm ci in artillery/): ${said || (error as Error).message}`);
  }
  return wanted;
}
