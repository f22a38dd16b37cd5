import type { OpsView } from '../../src/contract/ops.ts';
import { liveWords } from './live-words.ts';

export type Verdict = 'good' | 'warn' | 'bad';

/** From here on new orders are among what is left out; below it only what can be asked again. */
const ORDERS_FROM = 0.3;
/** The level is an average of some seconds; below this it is what is left of a short peak. */
const LEFT_OUT_FROM = 0.01;
/** A request that lies unread for so long is the first sign of a full process. */
const STANDING_MS = 40;
/** Jobs are taken within seconds; a kitchen waits for its tickets. */
const DUE_WARN_S = 10;
const DUE_BAD_S = 60;

/** Whether the node is full. */
export function fullness({ points }: OpsView): Verdict {
  const now = points.at(-1);
  if (!now) return 'good';
  if (now.level >= ORDERS_FROM) return 'bad';
  return now.level >= LEFT_OUT_FROM || now.standingMs >= STANDING_MS ? 'warn' : 'good';
}

/** Who has been refused in the last minute, the most first. */
export const refusedClasses = ({ minute }: OpsView) =>
  minute.classes
    .filter(({ refusedPerSecond }) => refusedPerSecond > 0)
    .sort((a, b) => b.refusedPerSecond - a.refusedPerSecond);

export function refusals(view: OpsView): Verdict {
  const refused = refusedClasses(view);
  if (refused.length === 0) return 'good';
  return refused.some((each) => each.class === 'order' || each.class === 'staff') ? 'bad' : 'warn';
}

/** What stands still or is away, each in a sentence, the worst first. */
export function standingStill(view: OpsView): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const { jobs, node, problems, ticketsLate, tiersAway } = view;
  const bad: string[] = ticketsLate ? [liveWords('ticketsLate'), ...problems] : [...problems];
  const warn: string[] = [];
  if (!jobs) bad.push(liveWords('noDatabase'));
  if (node.heard < node.processes) bad.push(liveWords('silent', { count: node.processes - node.heard }));
  const kinds = jobs?.kinds ?? [];
  const [oldest] = [...kinds].sort((a, b) => b.oldestS - a.oldestS);
  if (oldest && oldest.oldestS >= DUE_WARN_S) {
    const said = liveWords('oldest', { kind: oldest.kind, seconds: Math.round(oldest.oldestS) });
    (oldest.oldestS >= DUE_BAD_S ? bad : warn).push(said);
  }
  for (const tier of tiersAway) warn.push(liveWords('tierAway', { tier }));
  const dead = kinds.reduce((sum, kind) => sum + kind.dead, 0);
  if (dead > 0) warn.push(liveWords('dead', { count: dead }));
  return { verdict: bad.length > 0 ? 'bad' : warn.length > 0 ? 'warn' : 'good', reasons: [...bad, ...warn] };
}
