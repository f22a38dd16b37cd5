import { readFileSync } from 'node:fs';
import { runPrintAgent } from './print-agent.ts';
import { openPrinter } from './printer.ts';

export interface PrintAgentCommand {
  readonly server: string;
  readonly store: string;
  readonly station: string;
  readonly key?: string;
  /** `-`: the standard input. */
  readonly keyFile?: string;
  readonly to: string;
  readonly columns: number;
  readonly language: 'ko' | 'en';
  readonly timeZone: string;
  /** False for a printer that answers no questions. */
  readonly status: boolean;
}

const STANDARD_INPUT = 0;

/** @throws RangeError that says where a key may stand, or which file cannot be read */
export function keyOf(
  { key, keyFile }: Pick<PrintAgentCommand, 'key' | 'keyFile'>,
  printKey: string | undefined,
): string {
  if (key) return key;
  if (keyFile === undefined) {
    if (printKey) return printKey;
    throw new RangeError(
      'A key is needed: in PRINT_KEY, or in a file that --key-file names (- is the standard input).',
    );
  }
  let text: string;
  try {
    text = readFileSync(keyFile === '-' ? STANDARD_INPUT : keyFile, 'utf8').trim();
  } catch (error) {
    throw new RangeError(`--key-file ${keyFile} cannot be read (${(error as Error).message}).`);
  }
  if (!/^[!-~]+$/.test(text))
    throw new RangeError(`--key-file ${keyFile} holds no key: one line is needed, with nothing else.`);
  return text;
}

/**
 * `matjip print-agent`: prints until Ctrl-C.
 * @param printKey from the environment, where neither option names one @throws Error in one line that says what to do
 */
export async function printAgentCommand(printKey: string | undefined, options: PrintAgentCommand): Promise<void> {
  const key = keyOf(options, printKey);
  if (options.key) {
    process.stderr.write(
      '--key shows the key in the list of processes: rather set PRINT_KEY, or name a file with --key-file.\n',
    );
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  log(`Slips of ${options.station} at ${options.store} go to ${options.to}. Ctrl-C ends it.`);
  await runPrintAgent({
    ...options,
    key,
    printer: openPrinter(options.to, { status: options.status }),
    signal: stop.signal,
    log,
  });
}
