import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keyOf } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-key-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (text: string): string => {
  const path = join(folder, 'grill.key');
  writeFileSync(path, text);
  return path;
};

test('a print agent finds its key in the environment or in a file, so that it need not stand among its arguments', () => {
  assert.equal(keyOf({}, 'mjd_of-the-environment'), 'mjd_of-the-environment');
  assert.equal(keyOf({ keyFile: file('mjd_of-the-file\n') }, 'mjd_of-the-environment'), 'mjd_of-the-file');
  assert.equal(keyOf({ key: 'mjd_said', keyFile: file('mjd_of-the-file\n') }, undefined), 'mjd_said');
});

test('no key, a file that is not there and one that holds something else are each said in one line', () => {
  assert.throws(() => keyOf({}, undefined), /^RangeError: A key is needed: in PRINT_KEY.*--key-file/);
  assert.throws(
    () => keyOf({ keyFile: join(folder, 'none') }, undefined),
    /^RangeError: --key-file .*none cannot be read/,
  );
  for (const text of ['', 'two\nlines', '한글']) {
    assert.throws(() => keyOf({ keyFile: file(text) }, undefined), /^RangeError: .*one line is needed/);
  }
});
