import { killedBatchSuite } from './killed-batch.ts';

killedBatchSuite(1);
