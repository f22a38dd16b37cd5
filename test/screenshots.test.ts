import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { atEndOf } from './support/lifetime.ts';

test('pictures are refused, in one line that says what to install, where there is no Korean font', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-fonts-'));
  atEndOf(t, async () => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'fc-list'), '#!/bin/sh\nexit 0\n');
  chmodSync(join(folder, 'fc-list'), 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { status, stderr } = spawnSync(process.execPath, ['scripts/screenshots.mjs'], { env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^.*no Korean font.*fonts-noto-cjk.*\n$/);
});
