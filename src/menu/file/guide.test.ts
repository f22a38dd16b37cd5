import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ALLERGENS } from '../../contract/allergens.ts';
import { COLUMNS, HEADER } from './columns/columns.ts';
import { type ColumnName, KINDS } from './menu-file.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/guide/${name}`, import.meta.url)).toString();
const guide = read('menu-file.md');

test('the guide names every column, in the order of an export, with the kinds that have it', () => {
  const described = [...guide.matchAll(/^\| `([a-z_]+)` \| (all|[a-z]+(?:, [a-z]+)*) \|/gm)].map(([, name, kinds]) => [
    name,
    kinds,
  ]);
  const kindsOf = (name: string) => {
    const kinds = name in COLUMNS ? COLUMNS[name as ColumnName].kinds : KINDS;
    return kinds.length === KINDS.length ? 'all' : kinds.join(', ');
  };
  assert.deepEqual(
    described,
    HEADER.map((name) => [name, kindsOf(name)]),
  );
});

test('the guide names every allergen', () => {
  const [, list] = guide.split('## Allergens');
  const described = [...list!.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \|$/gm)].map(([, code, ko, en]) => [
    code,
    { ko, en },
  ]);
  // Whoever writes a menu file reads one of these; the pages have more languages.
  const written = Object.entries(ALLERGENS).map(([code, { ko, en }]) => [code, { ko, en }]);
  assert.deepEqual(Object.fromEntries(described), Object.fromEntries(written));
});

test('the Korean guide has the same columns in the same order', () => {
  const [, table] = read('menu-file.ko.md').split(/^\| 열 \|.*$/m);
  const cells = [...table!.split('\n\n')[0]!.matchAll(/^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|/gm)].map(([, cell]) => cell!);
  assert.deepEqual(
    cells.flatMap((cell) => cell.split(', ').map((name) => name.replaceAll('`', ''))),
    [...HEADER],
  );
});
