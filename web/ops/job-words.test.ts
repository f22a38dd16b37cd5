import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { JOBS_KO } from './job-words.ts';

test('each job of the clock is said in Korean, and none that there is not', () => {
  const jobs = readFileSync(new URL('../../src/composition/scheduled-jobs.ts', import.meta.url), 'utf8');
  const kinds = [...jobs.matchAll(/^\s+kind: '([\w-]+)'/gm)].map(([, kind]) => kind!);
  assert.ok(kinds.length > 10);
  assert.deepEqual(Object.keys(JOBS_KO).sort(), kinds.sort());
});
