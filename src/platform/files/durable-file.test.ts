import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder, writeDurably, writeOnce } from './durable-file.ts';

test('what is written once stays, what a power cut left empty is written again, and no draft is left', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'keys');
  assert.equal(writeOnce(file, 'first', 0o600), true);
  assert.equal(writeOnce(file, 'second', 0o600), false);
  assert.equal(readFileSync(file, 'utf8'), 'first');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, '');
  assert.equal(writeOnce(file, 'third', 0o600), true);
  writeDurably(file, 'fourth', 0o600);
  assert.equal(readFileSync(file, 'utf8'), 'fourth');
  assert.deepEqual(readdirSync(folder), ['keys']);
});

test('a folder is made with those above it, and one that cannot be is refused at once', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const deep = join(folder, 'a/b/c');
  for (let turn = 0; turn < 2; turn++) makeFolder(deep);
  assert.ok(statSync(deep).isDirectory());
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => makeFolder(join(folder, 'file')), { code: 'EEXIST' });
  assert.throws(() => makeFolder(join(folder, 'file/x/y')), { code: 'ENOTDIR' });
  // The system says of whatever is to be made there that it cannot exist.
  assert.throws(() => makeFolder('/proc/nothing/here'));
});
