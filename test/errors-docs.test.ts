import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROBLEMS, type ProblemKind } from '../src/contract/index.ts';

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );

test('docs/errors.md lists every problem as the code has it, and no other', () => {
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  assert.deepEqual(
    rows.filter((row) => row.length === 5),
    Object.entries<ProblemKind>(PROBLEMS).map(([type, kind]) => [
      type,
      String(kind.status),
      kind.title,
      yes(kind.retryable),
      yes(kind.alert),
    ]),
  );
});

test('docs/errors.md names no member of a problem that is not on the list', () => {
  const extras = rows.filter((row) => row.length === 3);
  assert.ok(extras.length > 0);
  for (const [type] of extras) assert.ok(Object.hasOwn(PROBLEMS, type!), type);
});

test('a slug is made of words, and only what may succeed later says so', () => {
  for (const [type, kind] of Object.entries<ProblemKind>(PROBLEMS)) {
    assert.match(type, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(kind.status >= 400 && kind.status < 600);
    if (kind.status >= 500 || kind.status === 429) assert.equal(kind.retryable, true, type);
  }
});
