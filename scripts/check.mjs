// All that can be said about the code without running it. Each step prints one line, and its output if it fails.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { exitWith, NODE, ROOT } from './node24.mjs';

const bin = (path) => join(ROOT, 'node_modules', path);
/** What was right the last time is not checked anew: a second where it was nine of processor time. */
const REMEMBERED = ['--incremental', '--tsBuildInfoFile', bin('.cache/matjip/types.tsbuildinfo')];

/** Each step: what it is about, what to do when it fails, and what runs. */
const STEPS = [
  ['types', 'correct them', ['typescript/bin/tsc', '--noEmit', '-p', '.', ...REMEMBERED]],
  ['types of the pages', 'correct them', ['typescript/bin/tsc', '--noEmit', '-p', 'web']],
  [
    'lint and format',
    '"npm run format" mends most of it',
    ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off'],
  ],
  ['boundaries', 'see CONTRIBUTING.md', [join(ROOT, 'test/boundaries/check.ts')]],
  ['dead code', 'delete it', ['knip/bin/knip.js', '--no-progress']],
];

/** The first things to mend are enough; hundreds of lines only push them off the screen. */
const LINES_MAX = 80;

await exitWith(async () => {
  await ensureInstalled();
  const results = await Promise.all(STEPS.map(runStep));
  return results.every(Boolean) ? 0 : 1;
});

function runStep([name, advice, [script, ...args]]) {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const path = existsSync(script) ? script : bin(script);
    const child = spawn(NODE, [path, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('exit', (code) => {
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      if (code === 0) console.log(`ok      ${name} (${seconds} s)`);
      else console.log(`FAILED  ${name} (${seconds} s): ${advice}\n${beginning(said)}`);
      resolve(code === 0);
    });
  });
}

function beginning(said) {
  const lines = said.trimEnd().split('\n');
  const more = lines.length - LINES_MAX;
  return more > 0 ? `${lines.slice(0, LINES_MAX).join('\n')}\n… ${more} lines more` : lines.join('\n');
}
