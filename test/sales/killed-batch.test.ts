import { killedBatchSuite } from './killed-batch.ts';

// Of each four statements one: begin, reads, writes and commit all come up among the six pieces of work.
killedBatchSuite(4);
