import type { Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { type FastPathOptions, installFastPath } from '../http/fast-path/fast-path.ts';
import { createReadAge } from '../http/fast-path/read-age.ts';
import type { RequestTimes } from '../http/operations/request-times.ts';
import { type AdmissionOptions, createAdmission } from './admission.ts';
import { createNeighbours, type NeighboursBounds } from './neighbours.ts';
import type { OverloadMetrics } from './overload-metrics.ts';
import { createSmoothed } from './smoothed.ts';
import { createWorkLimit, type WorkLimitBounds } from './work-limit.ts';

const LINE = '/line';
/** Weight of the newest turn of the event loop in how long requests lie unread. */
const UNREAD_NEWEST = 0.2;
/** What is left out jumps with each turn; a sample of the page for engineers is five seconds long, and Prometheus looks less often. */
const LEVEL_MEMORY_MS = 5_000;

export interface OverloadBounds extends WorkLimitBounds {
  /** Of orders of a store that has a flood while guests of others order as well. */
  readonly flood: WorkLimitBounds & { readonly neighbours: NeighboursBounds };
  /** A new connection that says nothing for so long is closed, in milliseconds. */
  readonly silenceMs: number;
}

export interface OverloadControlOptions
  extends Pick<AdmissionOptions, 'orderQueue' | 'storeIdOf' | 'isStaff' | 'isReplay' | 'line'> {
  readonly server: Server;
  /** What lies ready for a request. */
  readonly ready: FastPathOptions['ready'];
  readonly isProxy: NonNullable<FastPathOptions['isProxy']>;
  /** False: requests are read before they are parsed all the same, and all are let in. */
  readonly isOn: boolean;
  readonly bounds: OverloadBounds;
  readonly metrics: OverloadMetrics;
  /** Told of each answer that lay ready. */
  readonly times: RequestTimes;
}

/**
 * Keeps a full process useful: it looks at how much is under way and how long answers take, and refuses, before any work, what would come too late or matters
 * least. Put it in front of a server that has all its routes.
 */
export function installOverloadControl(options: OverloadControlOptions): { close(): void } {
  const { server, ready, isProxy, bounds, metrics } = options;
  const now = (): number => performance.now();
  let unreadMs = 0;
  const work = createWorkLimit(bounds, now, () => unreadMs);
  const neighbours = createNeighbours(bounds.flood.neighbours, now);
  const flood = createWorkLimit(bounds.flood, now, () => unreadMs, neighbours.change);
  const level = createSmoothed(LEVEL_MEMORY_MS, now);
  const readAge = createReadAge({
    now,
    onTurn(tookMs) {
      unreadMs += UNREAD_NEWEST * (tookMs - unreadMs);
      level(work.pressure());
    },
  });
  const admission = options.isOn
    ? createAdmission({
        ...options,
        work,
        flood,
        neighbours,
        now,
        reads: () => readAge.reads,
        onRefused: metrics.refused,
      })
    : { refusalOf: () => undefined };
  metrics.watch({ level: () => level(work.pressure()), unreadMs: () => unreadMs });
  const menu = options.times.of('menu');
  const status = options.times.of('status');
  return installFastPath({
    server,
    ready,
    isProxy,
    admission,
    readAge,
    now,
    silenceMs: bounds.silenceMs,
    // A menu, its stock, or a place in the line.
    onReady: ({ url }, tookMs) => (url.endsWith(LINE) ? status(tookMs) : menu(tookMs)),
  });
}
