import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NODE, ROOT, SetupError } from './node24.mjs';
import { notWritable, once } from './once.mjs';

const PAGES = join(ROOT, 'dist/web');
const STAMP = join(PAGES, '.stamp');
/** What the pages are made of. */
const SOURCES = ['web', 'src/contract', 'package-lock.json'];

/** Builds the pages if they were built from other sources. They appear all at once, when they are complete. */
export async function ensurePages() {
  const wanted = hashSources();
  await once(
    () => readStamp() === wanted,
    async () => {
      process.stderr.write('Building the pages.\n');
      const draft = `${PAGES}.new`;
      try {
        const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
        const args = ['build', '--config', join(ROOT, 'web/vite.config.ts'), '--outDir', draft, '--logLevel', 'error'];
        await promisify(execFile)(NODE, [vite, ...args], { cwd: ROOT });
        writeFileSync(join(draft, '.stamp'), wanted);
        rmSync(PAGES, { recursive: true, force: true });
        renameSync(draft, PAGES);
      } catch (error) {
        if (error.stderr === undefined) throw notWritable(error);
        throw new SetupError(`The pages could not be built:\n${error.stderr.trim() || error.stdout.trim()}`);
      }
    },
  );
}

/** What lies there is built by whoever watches: the next start builds the pages again. */
export function forgetPages() {
  rmSync(STAMP, { force: true });
}

function readStamp() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}

function hashSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(source)) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (statSync(join(ROOT, path)).isFile()) return path.endsWith('.test.ts') ? [] : [path];
  return readdirSync(join(ROOT, path))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}
