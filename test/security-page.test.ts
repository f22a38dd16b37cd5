import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLASS_NAMES } from './bad-input/classes.ts';
import { classesOn } from './bad-input/count-table.ts';
import { ROOT, readDocument } from './support/documents.ts';

const page = readDocument('docs/security.md');
const rows = page.split('\n').filter((line) => /^\| API\d/.test(line));

test('each risk of the OWASP list has its row, and each row tests that exist under that name', () => {
  assert.deepEqual(
    rows.map((row) => /^\| (API\d+) /.exec(row)![1]),
    Array.from({ length: 10 }, (_, at) => `API${at + 1}`),
  );
  for (const row of rows) {
    const named = [...row.matchAll(/`(\S+\.test\.ts)` \*([^*]+)\*/g)];
    assert.ok(named.length > 0, row.slice(0, 80));
    for (const [, file, name] of named) {
      assert.ok(existsSync(join(ROOT, file!)), file);
      assert.ok(readDocument(file!).includes(name!), `${file} has no test called: ${name}`);
    }
  }
});

test('the page counts every class of bad input that is sent, and no other', () => {
  assert.deepEqual(classesOn(page), CLASS_NAMES);
});
