import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild } from './child.ts';
import { cleanEnvironment } from './server.ts';

/** The small package of its own that holds Artillery, the scenario and the reporter. */
export const ARTILLERY_FOLDER = join(import.meta.dirname, '../../artillery');
export const SCENARIO = join(ARTILLERY_FOLDER, 'api-test.yml');
const PACKAGE = join(ARTILLERY_FOLDER, 'node_modules/artillery');
const INSTALL_MINUTES_MAX = 15;
/** It would otherwise fetch a browser and tell its makers of every run. */
const QUIET = { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', ARTILLERY_DISABLE_TELEMETRY: 'true' };

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

export interface ArtilleryPhase {
  readonly name: string;
  readonly duration: number;
  readonly arrivalRate: number;
}

/** Starts `artillery run artillery/api-test.yml` with the reporter, the tap and these phases. */
export function startArtillery(options: {
  readonly target: string;
  readonly output: string;
  readonly tap: string;
  readonly seed: string;
  readonly storeId: string;
  readonly phases: readonly ArtilleryPhase[];
}): Promise<Child> {
  const overrides = JSON.stringify({ config: { phases: options.phases } });
  return startChild(
    process.execPath,
    [join(PACKAGE, 'bin/run'), 'run', SCENARIO, '--target', options.target, '--overrides', overrides, '-o', options.output],
    {
      env: {
        ...cleanEnvironment(),
        ...QUIET,
        // Artillery would send even what is meant for this machine through a proxy.
        HTTP_PROXY: undefined,
        CUSTOM_REPORTERS: join(ARTILLERY_FOLDER, 'reporter.mjs'),
        MATJIP_TAP: options.tap,
        SEED: options.seed,
        STORE: options.storeId,
      },
    },
  );
}
