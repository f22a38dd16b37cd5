/** A worker for the tests that takes a job, says so, and never ends it. */
import { startJobRunner } from './runner.ts';

const log = { info() {}, warn() {}, error() {}, debug() {} };
const stuck = () => {
  console.log('held');
  return new Promise<void>(() => {});
};
await startJobRunner(process.argv[2]!, [{ handlers: { stuck }, concurrency: 1 }], log);
