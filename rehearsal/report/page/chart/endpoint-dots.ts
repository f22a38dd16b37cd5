/** Each endpoint in each group: median to p99 on one axis. */
import { type Quantile, quantile } from '../../../stats/distribution.ts';
import { formatMs } from '../../format.ts';
import { isRefusedAtOnce } from '../../read/failures.ts';
import type { Endpoint, Text } from '../../run.ts';
import { html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, xAxis } from './frame.ts';
import { classOf, dashOf, marker, place } from './marks.ts';
import { logarithmic, logDomain } from './scale.ts';

export interface EndpointRow {
  name: string;
  of: { index: number; label: Text; endpoint: Endpoint; floorMs: number; waitedMs: number }[];
}

const ROW = 15;
const HEAD = 22;

export function endpointDots(rows: readonly EndpointRow[]): Markup {
  return rows.length > 0 ? responsive((width) => draw(rows, width), 1100) : html``;
}

/** What got no answer counts as slower than all that did, here as everywhere; what was refused at once is no wait. */
export function endpointLatency(endpoint: Endpoint, p: number, waitedMs: number): Quantile | undefined {
  const refused = Object.entries(endpoint.errors).reduce(
    (sum, [kind, count]) => sum + (isRefusedAtOnce(kind) ? count : 0),
    0,
  );
  const lost = Math.max(0, endpoint.attempted - endpoint.answered - refused);
  if (!endpoint.latency) return lost > 0 ? { ms: waitedMs, atLeast: true } : undefined;
  return quantile(endpoint.latency, p, lost, waitedMs);
}

const at = (line: EndpointRow['of'][number], p: number): number =>
  Math.max(line.floorMs, endpointLatency(line.endpoint, p, line.waitedMs)?.ms ?? 0);

function draw(rows: readonly EndpointRow[], width: number): Markup {
  const lines = rows.reduce((sum, row) => sum + row.of.length, 0);
  const box: Box = {
    width,
    height: 20 + rows.length * HEAD + lines * ROW + 40,
    left: 14,
    right: 64,
    top: 8,
    bottom: 30,
  };
  const values = rows.flatMap((row) => row.of.flatMap((line) => [at(line, 0.5), at(line, 0.99)]));
  const x = logarithmic(...logDomain(values), [box.left, width - box.right]);
  let y = box.top;
  const drawn = rows.map((row) => {
    y += HEAD;
    const head = html`<text class="endpoint" x="${box.left}" y="${y - 6}"><title>${row.name}</title>${shorten(row.name, width > 500 ? 90 : 42)}</text>`;
    const dots = row.of.map((line) => {
      y += ROW;
      const [from, to, middle] = [x(at(line, 0.5)), x(at(line, 0.99)), y - ROW / 2];
      const p99 = endpointLatency(line.endpoint, 0.99, line.waitedMs);
      const label = p99 ? `${p99.atLeast ? '≥ ' : ''}${formatMs(p99.ms)}` : '–';
      return html`<g class="${classOf(line.index)}"><path class="line bar" stroke-dasharray="${dashOf(line.index)}" d="M${place(from)} ${middle}H${place(to)}"/><path class="median" d="M${place(from)} ${middle - 5}v10"/>${marker(line.index, to, middle, p99?.atLeast)}<text class="figure" x="${place(to + 9)}" y="${middle}" dy="0.32em">${label}</text></g>`;
    });
    return html`${head}${dots}`;
  });
  return svg(
    box,
    { ko: '주소별 지연', en: 'Latency by endpoint' },
    html`${xAxis(
      box,
      x.ticks.map((tick) => ({ at: x(tick), label: formatMs(tick) })),
      undefined,
      true,
    )}${drawn}`,
  );
}
