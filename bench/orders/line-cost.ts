import { performance } from 'node:perf_hooks';
import { BOUNDS } from '../../src/config.ts';
import { createMemoryLineExchange } from '../../src/order/line/line-exchange.ts';
import { createLineFastPath } from '../../src/order/line/line-fast-path.ts';
import { createPlaceTokens } from '../../src/order/line/place-token.ts';
import { createVirtualLine } from '../../src/order/line/virtual-line.ts';
import { RequestHead } from '../../src/platform/http/fast-path/request-head.ts';
import { newId } from '../../src/platform/id.ts';
import { busyAnswer } from '../../src/platform/overload/refusals.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { type BenchRow, perSecond } from '../support/row.ts';
import { benchLinePolls } from './line-polls.ts';

const TIMES = 50_000;
const STORE = newId();

/** Answers a second of one process, the socket left out. */
function rateOf(answer: (at: number) => void): number {
  for (let at = 0; at < TIMES / 10; at++) answer(at);
  const startedMs = performance.now();
  for (let at = 0; at < TIMES; at++) answer(at);
  return (1000 * TIMES) / (performance.now() - startedMs);
}

const headOf = (text: string): RequestHead => RequestHead.read(Buffer.from(text))!;

/** What a refusal costs more for carrying a place, and what a look at the line costs, beside reading the head and the bytes of a refusal. */
export async function benchLineCost(database: BenchDatabase): Promise<BenchRow[]> {
  const line = createVirtualLine({
    tokens: createPlaceTokens('bench-secret-bench-secret'),
    exchange: createMemoryLineExchange(Date.now),
    capacity: { load: () => 1, perSecond: () => 500, kitchen: () => null },
    bounds: BOUNDS.line,
    now: Date.now,
  });
  let guests = 0;
  const fastPath = createLineFastPath(
    line,
    (path) => (path.includes(STORE) ? STORE : undefined),
    () => `client ${guests++ % 10_000}`,
  );
  const orders = Array.from({ length: TIMES }, () => {
    const body = `{"table":"12","lines":[{"itemId":"${newId()}","quantity":1}]}`;
    return `POST /api/v1/stores/${STORE}/orders HTTP/1.1\r\nHost: a\r\nIdempotency-Key: ${newId()}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  });
  const ready = rateOf((at) => {
    headOf(orders[at]!);
    busyAnswer(1, Math.random, false).bytes();
  });
  const placed = rateOf((at) => fastPath.find(headOf(orders[at]!))!.refusal(2)!.bytes());
  const { token } = line.give({ storeId: STORE, id: newId() })!;
  const poll = `GET /api/v1/stores/${STORE}/line HTTP/1.1\r\nHost: a\r\nLine-Place: ${token}\r\n\r\n`;
  const polls = rateOf(() => fastPath.ready(headOf(poll))!.bytes());
  await line.close();
  return [
    {
      what: 'refusal with a place, without the socket',
      ours: perSecond('placed', placed),
      baseline: perSecond('ready bytes', ready),
      ratio: placed / ready,
    },
    {
      what: 'look at the line, without the socket',
      ours: perSecond('looks', polls),
      baseline: perSecond('ready bytes', ready),
      ratio: polls / ready,
    },
    await benchLinePolls(database),
  ];
}
