import type { FastifyBaseLogger } from 'fastify';
import type { SilenceBounds } from '../platform/db/silence-breaker.ts';
import type { LatenessBounds } from '../platform/jobs/lateness.ts';
import type { EventStreamBounds } from '../platform/live/event-streams.ts';
import type { Secret } from '../platform/secrets/signature.ts';

/** How long a request waits before it is told to come again. */
export interface Waits {
  /** For a connection to the database. */
  readonly acquireTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** For a row that another transaction holds. */
  readonly lockTimeoutMs: number;
  /** After which a database that says nothing to anybody is taken for gone. */
  readonly silence: SilenceBounds;
  /** Of an order that is sent again while there is no place for it. */
  readonly lookUpWithinMs: number;
  /** For what a cache does not have yet, such as a store that nobody has asked for. */
  readonly loadWithinMs: number;
  /** For its turn among those who change the same store, or come from the same client. */
  readonly turnWithinMs: number;
  /** Of an order for its group, from when it arrived. */
  readonly orderWaitMaxMs: number;
  /** For the answer of who takes money. */
  readonly providerWithinMs: number;
}

/** What a process needs beside its configuration: where the truth is, and the keys. */
export interface AppParts {
  readonly databaseUrl: string;
  readonly secret: Secret;
  readonly adminKey: string;
  readonly log: FastifyBaseLogger;
  /** The only process of its node: it listens by itself. Several share what the first of them listens on. */
  readonly alone?: boolean;
  /** Whether this process also runs the jobs. */
  readonly withJobs: boolean;
  /** Unset: as `BOUNDS` says. Tests that are not about these wait on a machine that takes seconds for a statement. */
  readonly waits?: Waits;
  /** Unset: as `BOUNDS` says. `off`, where orders are taken and nobody runs their jobs: in tests, and in benches of the intake alone. */
  readonly lateTickets?: LatenessBounds | 'off';
  /** Unset: as `BOUNDS` says. Tests take fewer, so that they need not open thousands of streams to see them full. */
  readonly streamPlaces?: EventStreamBounds['places'];
  /** Unset: as `BOUNDS` says. Tests do not wait five seconds for a point of a chart. */
  readonly sampleEveryMs?: number;
  /** Unset: as `BOUNDS` says. The bench has one without, to show what it is worth. */
  readonly soldOutCrowd?: { readonly crowdPerSecond: number; readonly crowdMs: number };
}
