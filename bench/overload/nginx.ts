import { nginxExample } from '../../test/support/nginx-example.ts';
import { startNginx } from '../../test/support/services.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import type { BenchRow } from '../support/row.ts';
import { pinTree, SERVER_CORE } from './one-core.ts';
import type { OverloadOptions } from './options.ts';
import { runOverload } from './overload.ts';

/** Where an edge helps most. */
const MULTIPLES = [10];

/**
 * The same crowd with the shipped example for nginx in front, on the server's core: nginx answers the menus, and what is left of
 * the core takes the orders. Factors are of the knee behind nginx; --knee gives that of the server alone.
 */
export const benchOverloadNginx = (database: BenchDatabase, options: OverloadOptions): Promise<BenchRow[]> =>
  runOverload(database, { multiples: MULTIPLES, ...options }, { retry: 'never', inFront });

async function inFront(serverPort: number): Promise<{ url: string; close(): Promise<void> }> {
  const nginx = await startNginx({ after() {} }, nginxExample(`127.0.0.1:${serverPort}`));
  pinTree(nginx.pid, SERVER_CORE);
  return { url: nginx.url, close: () => nginx.stop() };
}
