import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killArchive } from './killed-archive.ts';

test('killed at a statement and started again, an archive is whole, and so is what is restored from it', async (t) => {
  const { writes, restores } = await killArchive(t, 19);
  t.diagnostic(`${writes} kills while archiving, ${restores} while restoring`);
  assert.ok(writes >= 3 && restores >= 3);
});
