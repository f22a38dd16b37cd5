import { type OpsJobs, OpsView } from '../contract/index.ts';
import type { ReadinessCheck } from '../platform/http/operations/health.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { JobDepth } from '../platform/jobs/depth.ts';
import { minuteOf } from '../platform/telemetry/samples/figures.ts';
import type { Sampling } from '../platform/telemetry/samples/sampling.ts';
import { matjipVersion } from '../platform/version.ts';

export interface OpsRoutesDeps {
  readonly samples: Pick<Sampling, 'read'>;
  readonly depth: JobDepth;
  readonly checks: readonly ReadinessCheck[];
  /** Whether new orders are refused because tickets are late. */
  readonly areTicketsLate: () => boolean;
  readonly switches: OpsView['switches'];
  /** @returns undefined: there is no Redis, or it does not say */
  readonly redisVersion: () => Promise<string | undefined>;
  /** Processes that serve at this node. */
  readonly processes: number;
  /** What tells this node from others. */
  readonly nodeName: () => string;
}

/** The page for engineers has it from here: made of what is counted anyway, one statement and no question to another process. */
export function opsRoutes(http: HttpServer, deps: OpsRoutesDeps): void {
  const startedAt = new Date(Date.now() - performance.now()).toISOString();
  const matjip = matjipVersion();
  http.get(
    '/api/v1/ops',
    {
      schema: {
        summary: 'How one node does: whether it is full, whom it refuses, what stands still, and what is switched on',
        tags: ['operations'],
        response: { 200: OpsView },
      },
    },
    async (_request, reply): Promise<OpsView> => {
      reply.header('cache-control', 'no-store');
      // A page that is looked at when something is away says so, and shows the rest.
      const [history, depth, redis] = await Promise.all([
        deps.samples.read(),
        deps.depth.read().catch(() => undefined),
        deps.redisVersion().catch(() => undefined),
      ]);
      return {
        at: new Date().toISOString(),
        node: { name: deps.nodeName(), processes: deps.processes, heard: history?.heard ?? 0, startedAt },
        problems: deps.checks.flatMap((check) => check() ?? []),
        tiersAway: [...(history?.tiersAway ?? [])],
        points: [...(history?.points ?? [])],
        minute: history?.minute ?? minuteOf({}, 0),
        ticketsLate: deps.areTicketsLate(),
        jobs: depth ? jobsOf(depth) : null,
        switches: deps.switches,
        versions: {
          matjip,
          node: process.versions.node,
          postgres: depth?.postgres || null,
          redis: redis ?? null,
        },
      };
    },
  );
}

const jobsOf = ({ isMore, kinds }: OpsJobs): OpsJobs => ({ isMore, kinds });
