import type { Config } from '../config.ts';
import { createKeyedSemaphore, type InTurn, type SemaphoreBounds } from '../platform/concurrency/keyed-semaphore.ts';
import type { Access } from './access.ts';
import type { Caches } from './caches.ts';
import type { Http } from './http.ts';
import type { Jobs } from './jobs.ts';
import type { AppParts } from './parts.ts';
import type { Platform } from './platform.ts';

/** What the rooms of one API process are built from. Each takes what it needs of it by name, and its routes get nothing else. */
export interface House extends Platform, Caches, Access, Http {
  readonly config: Config;
  readonly parts: AppParts;
  readonly jobs: Jobs;
  /** Of a process's own: whoever changes a store waits for its turn with these and not with a connection. */
  semaphore(bounds: SemaphoreBounds): InTurn;
}

/** Turns as the bounds say, or as long as the parts say that a request waits for one. */
export const semaphoresOf =
  ({ waits }: Pick<AppParts, 'waits'>): House['semaphore'] =>
  (bounds) =>
    createKeyedSemaphore(waits ? { ...bounds, waitMsMax: waits.turnWithinMs } : bounds);
