/** Each endpoint in each group: median to p99 on one axis. */
import { quantile } from '../../../stats/distribution.ts';
import { formatMs } from '../../format.ts';
import type { Endpoint, Text } from '../../run.ts';
import { html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, xAxis } from './frame.ts';
import { classOf, dashOf, marker, place } from './marks.ts';
import { logarithmic, logDomain } from './scale.ts';

export interface EndpointRow {
  name: string;
  of: { index: number; label: Text; endpoint: Endpoint; floorMs: number }[];
}

const ROW = 15;
const HEAD = 22;

export function endpointDots(rows: readonly EndpointRow[]): Markup {
  return rows.length > 0 ? responsive((width) => draw(rows, width), 1100) : html``;
}

const at = (endpoint: Endpoint, p: number, floor: number): number =>
  Math.max(floor, (endpoint.latency && quantile(endpoint.latency, p)?.ms) || 0);

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
  const values = rows.flatMap((row) =>
    row.of.flatMap(({ endpoint, floorMs }) => [at(endpoint, 0.5, floorMs), at(endpoint, 0.99, floorMs)]),
  );
  const x = logarithmic(...logDomain(values), [box.left, width - box.right]);
  let y = box.top;
  const drawn = rows.map((row) => {
    y += HEAD;
    const head = html`<text class="endpoint" x="${box.left}" y="${y - 6}"><title>${row.name}</title>${shorten(row.name, width > 500 ? 90 : 42)}</text>`;
    const dots = row.of.map(({ index, endpoint, floorMs }) => {
      y += ROW;
      const [from, to, line] = [x(at(endpoint, 0.5, floorMs)), x(at(endpoint, 0.99, floorMs)), y - ROW / 2];
      return html`<g class="${classOf(index)}"><path class="line bar" stroke-dasharray="${dashOf(index)}" d="M${place(from)} ${line}H${place(to)}"/><path class="median" d="M${place(from)} ${line - 5}v10"/>${marker(index, to, line)}<text class="figure" x="${place(to + 9)}" y="${line}" dy="0.32em">${formatMs(at(endpoint, 0.99, 0))}</text></g>`;
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
