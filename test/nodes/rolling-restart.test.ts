import { test } from 'node:test';
import { restartNodesUnderLoad } from './rolling-restart.ts';

test('two nodes are restarted one after the other, and of orders, menus and 50 streams nobody notices', (t) =>
  restartNodesUnderLoad(t, { streams: 50, restarts: 1, guests: 8, isPatient: true }));
