import { startMemcached } from '../support/services.ts';
import { oneLoadSuite } from './one-load.ts';

oneLoadSuite('Memcached', async (t) => (await startMemcached(t)).url);
