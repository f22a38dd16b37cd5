/** A worker for the tests that takes a job, says so, and never ends it. */
import { BOUNDS } from '../../config.ts';
import { startJobRunner } from './runner.ts';

const log = { info() {}, warn() {}, error() {}, debug() {} };
const stuck = () => {
  console.log('held');
  return new Promise<void>(() => {});
};
startJobRunner(
  process.argv[2]!,
  [
    {
      name: 'stuck',
      open: () => ({ handlers: { stuck }, close: async () => {} }),
      concurrency: 1,
      standstillMs: 60_000,
    },
  ],
  log,
  BOUNDS.jobs,
);
