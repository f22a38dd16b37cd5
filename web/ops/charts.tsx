import type { OpsPoint, OpsView } from '../../src/contract/ops.ts';
import { liveWords, milliseconds, plain, rate } from './live-words.ts';
import { Sparkline } from './sparkline.tsx';

type Of = (point: OpsPoint) => number | null;
const CHARTS = {
  menus: [({ menus }) => menus, rate],
  orders: [({ orders }) => orders, rate],
  status: [({ status }) => status, rate],
  refusals: [({ refused }) => refused, rate],
  orderP99: [({ orderP99Ms }) => orderP99Ms, milliseconds],
  menuP99: [({ menuP99Ms }) => menuP99Ms, milliseconds],
  group: [({ groupSize }) => groupSize, plain],
  load: [({ level }) => 100 * level, (value) => `${plain(value)} %`],
  standing: [({ standingMs }) => standingMs, milliseconds],
  streams: [({ streams }) => streams, plain],
  due: [({ dueS }) => dueS, (value) => liveWords('seconds', { count: plain(value) })],
  cores: [({ cores }) => cores, plain],
} as const satisfies Record<string, readonly [Of, (value: number | null) => string]>;

/** The last minutes, each figure for itself: the newest in numbers, the highest beside the line. */
export function Charts({ view: { points } }: { view: OpsView }) {
  return (
    <ul class="charts">
      {(Object.keys(CHARTS) as (keyof typeof CHARTS)[]).map((name) => {
        const [of, say] = CHARTS[name] as readonly [Of, (value: number | null) => string];
        const values = points.map(of);
        const newest = say(values.at(-1) ?? null);
        const highest = say(Math.max(0, ...values.map((value) => value ?? 0)));
        return (
          <li key={name} class="chart">
            <p>
              <span>{liveWords(`chart.${name}`)}</span>
              <b class="number">{newest}</b>
            </p>
            <Sparkline
              values={values}
              label={liveWords('chartLabel', { name: liveWords(`chart.${name}`), newest, highest })}
            />
            <small class="number">{liveWords('highest', { value: highest })}</small>
          </li>
        );
      })}
    </ul>
  );
}
