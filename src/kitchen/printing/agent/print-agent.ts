import { setTimeout as delay } from 'node:timers/promises';
import type { MenuView, PrintSlip } from '../../../contract/index.ts';
import { type Printer, Unsure } from './printer.ts';
import type { PaperOptions } from './slip-text.ts';
import { toEscPos } from './to-escpos.ts';

export interface PrintAgentOptions extends PaperOptions {
  /** Such as `http://192.168.0.10:3000`. */
  readonly server: string;
  /** Id or slug. */
  readonly store: string;
  readonly station: string;
  /** The store's kitchen key. */
  readonly key: string;
  readonly printer: Printer;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

const WAIT_S = 30;
/** The server answers after `WAIT_S`; one that says nothing for longer is gone. */
const ANSWER_WITHIN_MS = (WAIT_S + 10) * 1_000;
const MENU_WITHIN_MS = 5_000;
const PAUSE_FIRST_MS = 500;
const PAUSE_MAX_MS = 15_000;

/** Matjip itself said no, and said why; a proxy's page for the same status is a fault that passes. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Prints a station's slips until `signal` aborts. A slip is taken when the printer is ready, and acknowledged when the
 * printer has said that it is printed; whatever goes wrong before that, the server hands it out again, as a copy.
 * @throws Error when the server refuses the store, the station or the key at the start; once it has answered, nothing but
 * `signal` ends this, so that a shop's printer does not stand still because somebody mistook a setting for a minute
 */
export async function runPrintAgent(options: PrintAgentOptions): Promise<void> {
  const { signal, log } = options;
  const base = `${options.server.replace(/\/+$/, '')}/api/v1/stores/${encodeURIComponent(options.store)}/print/${encodeURIComponent(options.station)}`;
  const call = async (path: string, method: 'GET' | 'POST'): Promise<Response> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${options.key}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
    if (isProblem && [401, 403, 404, 422].includes(response.status)) {
      const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
      throw new Refused(response.status, `The server refused: ${problem.detail ?? problem.title ?? response.status}`);
    }
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response;
  };

  await warnOfUnknownStation(options);
  let pauseMs = PAUSE_FIRST_MS;
  let accepted = false;
  // Printed, and not yet known to the server: acknowledged before anything else, so that it is not printed twice.
  let printed: string | undefined;
  while (!signal.aborted) {
    try {
      if (printed) {
        await call(`/${encodeURIComponent(printed)}/done`, 'POST').catch((error: Error) => {
          // A slip that the server does not know will not come again.
          if (!(error instanceof Refused && error.status === 404)) throw error;
        });
        printed = undefined;
      }
      await options.printer.ready();
      const response = await call(`/next?wait=${WAIT_S}`, 'GET');
      pauseMs = PAUSE_FIRST_MS;
      accepted = true;
      if (response.status === 204) continue;
      const slip = (await response.json()) as PrintSlip;
      await options.printer.print(await toEscPos(slip, options)).catch((error: Error) => {
        const again = error instanceof Unsure ? ' is perhaps not printed and comes again as a copy' : ' is not printed';
        throw new Error(`No. ${slip.number}${again}: ${error.message}`);
      });
      printed = slip.id;
      log(
        `No. ${slip.number}${slip.kind === 'void' ? ' (void)' : ''} printed${slip.copy > 1 ? ` (copy ${slip.copy})` : ''}.`,
      );
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && !accepted) throw error;
      log(`${reasonOf(error)} Trying again.`);
      await delay(pauseMs / 2 + (Math.random() * pauseMs) / 2, undefined, { signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
    }
  }
}

/** A station that no dish is made at is most likely a slip of the hand, and would wait in silence for ever. */
async function warnOfUnknownStation({ server, store, station, signal, log }: PrintAgentOptions): Promise<void> {
  try {
    const response = await fetch(`${server.replace(/\/+$/, '')}/api/v1/stores/${encodeURIComponent(store)}/menu`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(MENU_WITHIN_MS)]),
    });
    if (!response.ok) return;
    const menu = (await response.json()) as MenuView;
    const stations = new Set(menu.categories.flatMap(({ items }) => items.map((item) => item.station)));
    if (stations.size === 0 || stations.has(station)) return;
    log(`No dish of ${store} is made at '${station}'; its stations are ${[...stations].sort().join(', ')}.`);
  } catch {
    // Whoever asks for slips next says what is wrong.
  }
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return `${cause instanceof Error ? cause.message : message}.`.replace(/\.\.$/, '.');
};
