import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killArchive } from './killed-archive.ts';

test('killed at any statement and started again, an archive is whole, and so is what is restored from it', async (t) => {
  const { writes, restores } = await killArchive(t, 1);
  t.diagnostic(`${writes} kills while archiving, ${restores} while restoring`);
  assert.ok(writes >= 20 && restores >= 20);
});
