/** How wrong, when: the share of stale answers by second, the changes that made them stale, and the loads that cured them. */
import { formatClock, formatCount, formatShare } from '../../format.ts';
import type { Run } from '../../run.ts';
import { html, type Markup } from '../markup.ts';
import { type Box, svg, yAxis } from './frame.ts';
import { classOf, place, stepPath } from './marks.ts';
import { linear } from './scale.ts';
import { timeAxis } from './timeline.ts';

const SECONDS_DRAWN_MAX = 240;
const CHANGES_DRAWN_MAX = 200;

interface Slice {
  atS: number;
  spanS: number;
  checked: number;
  stale: number;
  loads: number;
}

/** Undefined when the run's truth was not followed over time. */
export function truthPanel(index: number, run: Run, seconds: number, panel: Box): Markup | undefined {
  const { truth } = run;
  // What is known from after the crowd has gone is no answer to anybody.
  const known = truth?.seconds?.filter((second) => second.atS < seconds) ?? [];
  if (!truth || known.length === 0) return undefined;
  const slices = join(known.map((second) => ({ ...second, spanS: 1, loads: second.loads ?? 0 })));
  const box = { ...panel, top: 18 };
  const base = box.height - box.bottom;
  const x = linear(seconds, [box.left, box.width - box.right], 4);
  const y = linear(1, [base, box.top], 2);
  const share = (slice: Slice): number => (slice.checked > 0 ? slice.stale / slice.checked : 0);
  const steps = slices.map((slice) => ({ from: x(slice.atS), to: x(slice.atS + slice.spanS), y: y(share(slice)) }));
  const area = steps.map((step) => `M${place(step.from)} ${base}V${place(step.y)}H${place(step.to)}V${base}Z`).join('');
  const changes = (truth.changes ?? []).slice(0, CHANGES_DRAWN_MAX).filter((change) => change.atS <= x.domain[1]);
  const most = Math.max(1, ...slices.map((slice) => slice.loads / slice.spanS));
  const loads = slices.filter((slice) => slice.loads > 0);
  return svg(
    box,
    { ko: '시간에 따른 낡은 응답', en: 'Stale answers over time' },
    html`${yAxis(box, y, formatShare)}${timeAxis(box, x, seconds)}<g class="${classOf(index)}"><path class="area" d="${area}"/><path class="line thin" d="${stepPath(steps)}"/></g><path class="change" d="${changes.map((change) => `M${place(x(change.atS))} ${box.top - 4}l-4 -8h8Z`).join('')}"/><path class="load" d="${loads
      .map(
        (slice) =>
          `M${place(x(slice.atS + slice.spanS / 2))} ${base}v-${place(2 + 24 * (slice.loads / slice.spanS / most))}`,
      )
      .join('')}"/>`,
    {
      x: slices.map((slice) => Math.round(x(slice.atS + slice.spanS / 2))),
      head: slices.map((slice) => formatClock(slice.atS)),
      rows: [
        { name: { ko: '낡은 응답', en: 'stale' }, at: slices.map((slice) => formatShare(share(slice))) },
        { name: { ko: 'DB 적재', en: 'loads' }, at: slices.map((slice) => formatCount(slice.loads)) },
      ],
    },
  );
}

function join(seconds: readonly Slice[]): Slice[] {
  const size = Math.ceil(seconds.length / SECONDS_DRAWN_MAX);
  if (size <= 1) return [...seconds];
  const joined: Slice[] = [];
  for (let i = 0; i < seconds.length; i += size) {
    const part = seconds.slice(i, i + size);
    const sum = (of: (slice: Slice) => number): number => part.reduce((total, slice) => total + of(slice), 0);
    joined.push({
      atS: part[0]?.atS ?? 0,
      spanS: sum((slice) => slice.spanS),
      checked: sum((slice) => slice.checked),
      stale: sum((slice) => slice.stale),
      loads: sum((slice) => slice.loads),
    });
  }
  return joined;
}
