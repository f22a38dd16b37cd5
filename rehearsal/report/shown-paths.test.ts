import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownPaths } from './shown-paths.ts';

test('a page names files as they were given, and of a machine’s folders only the last that they share', () => {
  assert.deepEqual(shownPaths(['a.json', 'out/b.json', '-']), ['a.json', 'out/b.json', '-']);
  assert.deepEqual(shownPaths(['/home/kim/secret/result.json']), ['secret/result.json']);
  assert.deepEqual(shownPaths(['/home/kim/out/a/repeat-1/result.json', '/home/kim/out/b/result.json', 'c.json']), [
    'out/a/repeat-1/result.json',
    'out/b/result.json',
    'c.json',
  ]);
  assert.deepEqual(shownPaths(['/tmp/a/r.json', '/home/b/r.json']), ['tmp/a/r.json', 'home/b/r.json']);
  assert.deepEqual(shownPaths(['/r.json', '/home/r.json']), ['r.json', 'home/r.json']);
});
