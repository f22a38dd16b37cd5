import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CACHED_PLACES, type CachedPlace } from '../../src/composition/cached-places.ts';

/** A place as the guide shows it. */
const row = ([name, place]: [string, CachedPlace]): string =>
  `| ${[place.where, `\`${name}\``, place.what, place.key, place.tiers, place.lifetime, place.invalidatedBy].join(' | ')} |`;

test('the guide names every place where something is kept, and only those', async () => {
  const guide = await readFile(new URL('../../docs/guide/cache.md', import.meta.url), 'utf8');
  const rows = guide.split('\n').filter((line) => /^\| (API response|main page|database|function|token) \|/.test(line));
  assert.deepEqual(rows, Object.entries<CachedPlace>(CACHED_PLACES).map(row));
});
