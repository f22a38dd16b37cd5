import { test } from 'node:test';
import { restartNodesUnderLoad } from './rolling-restart.ts';

test('two nodes of two workers are restarted five times each under orders, menus and 500 streams', (t) =>
  restartNodesUnderLoad(t, { streams: 500, restarts: 5, guests: 32, workers: 2 }));
