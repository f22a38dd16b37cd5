import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ALERTS } from './named-metrics.ts';

const isThere = spawnSync('promtool', ['--version']).status === 0;
const skip = isThere ? false : 'promtool is missing: apt-get install prometheus';
const promtool = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
};

test('Prometheus itself reads the alerts', { skip }, () => promtool('check', 'rules', ALERTS));

test('alerts come when they are to wake somebody, and not before', { skip }, () =>
  promtool('test', 'rules', 'deploy/prometheus/alerts.test.yml'),
);
