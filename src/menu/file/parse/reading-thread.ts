import { parentPort, workerData } from 'node:worker_threads';
import { MenuFileError } from '../menu-file-error.ts';
import { readMenuFile } from './parse-menu.ts';
import type { ReadingResult, ReadingTask } from './read-in-thread.ts';

const { bytes, partial, context } = workerData as ReadingTask;
let result: ReadingResult;
try {
  result = { file: await readMenuFile(bytes, partial, context) };
} catch (error) {
  if (!(error instanceof MenuFileError)) throw error;
  result = { problems: error.all };
}
parentPort!.postMessage(result);
