import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeCpuQuota, NoQuota } from './cpu-quota.ts';
import { orderOf } from './scaling.ts';

/** A folder that looks as control groups do: what is written there can be read again. */
function groups(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'matjip-groups-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

test('version 1: an eighth of a core is 5 ms of every 40, without a bound is -1, and processes are taken one by one', (t) => {
  const root = groups(t, { 'cpu/here/cpu.cfs_quota_us': '-1' });
  const quota = makeCpuQuota('matjip-1', { root, own: '7:memory:/x\n3:cpu:/here\n0::/\n' });
  const read = (file: string) => readFileSync(join(root, 'cpu/here/matjip-1', file), 'utf8');
  quota.hold(1 / 8);
  assert.deepEqual([read('cpu.cfs_period_us'), read('cpu.cfs_quota_us')], ['40000', '5000']);
  quota.take([41, 42]);
  assert.equal(read('cgroup.procs'), '42');
  quota.hold(undefined);
  assert.equal(read('cpu.cfs_quota_us'), '-1');
  assert.throws(() => quota.hold(0.02), /0\.02 cores: the kernel holds nobody to less than 0\.025/);
});

test('version 2: the group is made where the cpu controller is handed down, which may be above this process', (t) => {
  const root = groups(t, { 'cgroup.subtree_control': 'cpu memory', 'a/cgroup.subtree_control': '' });
  const quota = makeCpuQuota('matjip-2', { root, own: '0::/a/b\n' });
  quota.hold(0.5);
  const read = () => readFileSync(join(root, 'matjip-2/cpu.max'), 'utf8');
  assert.equal(read(), '20000 40000');
  quota.hold(undefined);
  assert.equal(read(), 'max 40000');
});

test('where nobody can be held to a share the reason is said', (t) => {
  const root = groups(t, { 'cgroup.subtree_control': 'memory' });
  const refused = (own: string, why: RegExp) =>
    assert.throws(
      () => makeCpuQuota('matjip-3', { root, own }),
      (error: Error) => error instanceof NoQuota && why.test(error.message),
    );
  refused('0::/\n', /no control group with the cpu controller is mounted here/);
  mkdirSync(join(root, 'cpu/matjip-3'), { recursive: true });
  refused('1:cpu:/\n', /no control group can be made in .*EEXIST/);
});

test('sizes are looked at small and large in turn, each once a round, and backwards the next time', () => {
  assert.deepEqual(orderOf(8, 1), [1, 8, 2, 7, 3, 6, 4, 5]);
  assert.deepEqual(orderOf(8, 2), [5, 4, 6, 3, 7, 2, 8, 1]);
});
