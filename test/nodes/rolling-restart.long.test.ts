import { test } from 'node:test';
import { restartNodesUnderLoad } from './rolling-restart.ts';

/** Of each node. */
const RESTARTS = Number(process.env.ROLLING_RESTARTS ?? 5);

test(`two nodes of two workers are restarted ${RESTARTS} times each under orders, menus and 500 streams`, (t) =>
  restartNodesUnderLoad(t, { streams: 500, restarts: RESTARTS, guests: 32, workers: 2 }));
