import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiProcesses } from '../support/processes.ts';
import { everybodyReads, oneLoadSuite, SHORT } from './one-load.ts';
import { menuLoads, menuPath, openShops } from './scene.ts';

oneLoadSuite(SHORT);

test('CACHE_SINGLE_FLIGHT=off shows the stampede: an expired menu is loaded by every reader that meets it', async (t) => {
  const { url, stores } = await openShops(t, 1);
  const processes = await startApiProcesses(t, url, 2, {
    CACHE_REFRESH: 'expiry',
    CACHE_SINGLE_FLIGHT: 'off',
    CACHE_TTL_MS: '60000',
  });
  await everybodyReads(processes, menuPath(stores[0]!), SHORT.readers);
  assert.ok((await menuLoads(processes)) > 20, 'hardly anybody loaded');
});
