import { setTimeout as delay } from 'node:timers/promises';
import { nowMs } from '../crowd/guest.ts';
import type { LedgerLine } from '../crowd/plan.ts';
import { readTimeline } from '../crowd/timeline.ts';
import { memoryMiB } from '../kit/memory.ts';
import type { Check, Scenario } from '../scenario.ts';
import { crowdAt, openSite, underLoad } from '../site.ts';

const WORKERS = 2;
/** As its processes write it down. */
const KNOWN = 'The database says nothing';
/** Known to all after 2.75 s (ADR 22), and a moment for a machine with other work. */
const KNOWN_WITHIN_MS = 4_000;
/** More at once than two processes work on when nothing is answered, from shortly before it stands still until it is known. */
const RUSH = { perSecond: 150, guestsMax: 600 };
/** What waits for Postgres is refused after seconds; what does not, and comes so late, waited for a core. */
const WAITED_MS = 1_000;

export const postgresStop: Scenario = {
  name: 'postgres-stop',
  fault: 'Postgres stands still (SIGSTOP) while more order than there is room for',
  seconds: 20,
  async run(scene) {
    const site = await openSite(scene, { workers: WORKERS });
    const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 20 }, async (crowd) => {
      await crowd.served(50);
      await delay(2_000);
      const heapMiB = memoryMiB(site.workers());
      const rush = crowdAt(scene, site, { ...RUSH, seed: scene.seed + 1 });
      await rush.served(1);
      const stoppedMs = nowMs();
      site.postgres.freeze();
      let grownMiB = 0;
      try {
        while (nowMs() < stoppedMs + scene.seconds * 1_000) {
          await delay(250);
          grownMiB = Math.max(grownMiB, memoryMiB(site.workers()) - heapMiB);
        }
      } finally {
        site.postgres.thaw();
      }
      const goesOnMs = nowMs();
      await crowd.served(20);
      await delay(12_000);
      await rush.end();
      return { stoppedMs, goesOnMs, grownMiB, rushed: await readTimeline(rush.file) };
    });
    const { stoppedMs, goesOnMs, grownMiB, rushed } = done;
    const knownAtMs = site.saidAtMs(KNOWN).filter((atMs) => atMs > stoppedMs && atMs < goesOnMs);
    const knownMs = Math.max(...knownAtMs);
    const sentMs = ({ atMs, tookMs }: LedgerLine) => atMs - tookMs!;
    const refused = [...timeline.lines, ...rushed.lines].filter(
      (line) => line.kind === 'order-answer' && line.status === 503 && sentMs(line) > stoppedMs && line.atMs < goesOnMs,
    );
    const forRoom = refused.filter((line) => line.problem === 'busy' && sentMs(line) < knownMs);
    const known = refused.filter((line) => sentMs(line) > knownMs);
    const silent = refused.filter(({ retryAfterS }) => retryAfterS === null).length;
    return [
      ...checks,
      { what: 'refused while it stood still', measured: refused.length, atLeast: 1 },
      { what: 'of them without `Retry-After`', measured: silent, atMost: 0 },
      { what: 'processes that knew it while it stood still', measured: knownAtMs.length, atLeast: WORKERS },
      { what: 'until both knew', measured: knownMs - stoppedMs, unit: 'ms', atMost: KNOWN_WITHIN_MS, timed: true },
      ...atOnce('refused for want of room before that', forRoom),
      ...atOnce('refused after that', known),
      { what: `of ${timeline.menus.looks} looks at the menu, without one`, measured: timeline.menus.failed, atMost: 0 },
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
      { what: 'memory of both processes grew by', measured: grownMiB, unit: 'MiB', atMost: 128 },
      {
        what: 'until 95 % of the rate again',
        measured: timeline.rateBackMs(goesOnMs),
        unit: 'ms',
        atMost: 10_000,
        timed: true,
      },
    ];
  },
};

/** Whoever is refused hears it at once and waits for nothing. */
function atOnce(what: string, refused: readonly LedgerLine[]): Check[] {
  const tookMs = refused.map((line) => line.tookMs!).sort((one, other) => one - other);
  const p99Ms = tookMs[Math.floor(tookMs.length * 0.99)] ?? Number.POSITIVE_INFINITY;
  const waited = tookMs.filter((ms) => ms > WAITED_MS).length;
  return [
    { what: `orders ${what}`, measured: tookMs.length, atLeast: 1 },
    { what: 'of them, after having waited', measured: waited, atMost: 0, timed: true },
    { what: 'their p99', measured: p99Ms, unit: 'ms', atMost: 100, timed: true },
  ];
}
