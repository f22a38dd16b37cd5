import { runPrintAgent } from './print-agent.ts';
import { openPrinter } from './printer.ts';

export interface PrintAgentCommand {
  readonly server: string;
  readonly store: string;
  readonly station: string;
  readonly key: string;
  readonly to: string;
  readonly columns: number;
  readonly language: 'ko' | 'en';
  readonly timeZone: string;
  /** False for a printer that answers no questions. */
  readonly status: boolean;
}

/** `matjip print-agent`: prints until Ctrl-C. @throws Error in one line that says what to do */
export async function printAgentCommand(options: PrintAgentCommand): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  log(`Slips of ${options.station} at ${options.store} go to ${options.to}. Ctrl-C ends it.`);
  await runPrintAgent({
    ...options,
    printer: openPrinter(options.to, { status: options.status }),
    signal: stop.signal,
    log,
  });
}
