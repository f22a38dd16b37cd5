import { Worker } from 'node:worker_threads';
import { Problem } from '../../../platform/http/problem.ts';
import { FILE_BOUNDS } from '../bounds.ts';
import { MenuFileError, type MenuFileProblem } from '../menu-file-error.ts';
import { onCpuOver } from './on-cpu-over.ts';
import { type FileContext, type ReadMenuFile, readMenuFile } from './parse-menu.ts';
import { isXlsx } from './read-xlsx.ts';

/** What the thread is given. */
export interface ReadingTask {
  readonly bytes: Uint8Array;
  readonly partial: boolean;
  readonly context: FileContext;
}

/** What it says in the end. */
export type ReadingResult = { readonly file: ReadMenuFile } | { readonly problems: readonly MenuFileProblem[] };

/**
 * Reads a menu file as `readMenuFile` does, in a thread of its own with bounded memory and processor time, so that a large or hostile file
 * delays no guest of this process. A small text is read at once: a thread costs more than it.
 * @throws MenuFileError as it does; Problem `invalid` when the file takes more than it may
 */
export function readInThread(bytes: Uint8Array, partial: boolean, context: FileContext): Promise<ReadMenuFile> {
  if (bytes.length <= FILE_BOUNDS.readAtOnceBytesMax && !isXlsx(bytes)) return readMenuFile(bytes, partial, context);
  const task: ReadingTask = { bytes, partial, context };
  const thread = new Worker(new URL('./reading-thread.ts', import.meta.url), {
    workerData: task,
    // What this process loads before all else is not for a thread.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: FILE_BOUNDS.readingMemoryMbMax },
  });
  return new Promise<ReadMenuFile>((resolve, reject) => {
    const tooMuch = () => {
      const [problem, allowed] = ['takes too long or too much memory to read', 'a menu of at most 5,000 rows'];
      reject(new Problem('invalid', { detail: `The file ${problem}.`, fields: [{ field: 'body', problem, allowed }] }));
    };
    const stopWatching = onCpuOver(thread, FILE_BOUNDS.readingCpuMsMax, tooMuch);
    thread.once('message', (result: ReadingResult) => {
      if ('file' in result) resolve(result.file);
      else reject(new MenuFileError(result.problems));
    });
    thread.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooMuch();
      else reject(error);
    });
    thread.once('exit', () => {
      stopWatching();
      reject(new Error('The thread that reads a menu file ended without an answer.'));
    });
  }).finally(() => thread.terminate());
}
