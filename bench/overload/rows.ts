import type { Retry } from '../../rehearsal/crowd/phone-crowd.ts';
import type { LedgerVerdict } from '../../rehearsal/crowd/verify-ledger.ts';
import type { BenchRow } from '../support/row.ts';
import type { MeasuredLoad } from './stage.ts';

/** A load as a multiple of the knee. */
export interface Step {
  readonly multiple: number;
  /** Half of the knee once more, after the highest load. */
  readonly isAfter: boolean;
  readonly load: MeasuredLoad;
}

/** What goes into the file that pictures are drawn from. */
export interface OverloadResult {
  readonly kind: 'matjip-overload';
  readonly startedAt: string;
  readonly processor: string;
  readonly phones: number;
  readonly retry: Retry;
  readonly inFront: 'nothing' | 'nginx';
  readonly kneePerSecond: number;
  readonly steps: readonly Step[];
  /** null while it is measured. */
  readonly orders: LedgerVerdict | null;
}

/** A generator this busy, this late, or this much kept from its core by other work says nothing about the server. */
const CPU_SHARE_MAX = 0.9;
const LAG_MAX_MS = 100;
const OTHERS_SHARE_MAX = 0.08;

/** @returns why a load says nothing about the server; undefined when it does */
export function generatorLimit({ generator }: Pick<MeasuredLoad, 'generator'>): string | undefined {
  if (generator.cpuShare > CPU_SHARE_MAX)
    return `the generator used ${Math.round(generator.cpuShare * 100)} % of its core`;
  if (generator.sendLagP99Ms > LAG_MAX_MS) return `the generator sent ${Math.round(generator.sendLagP99Ms)} ms late`;
  if (generator.waitedShare > OTHERS_SHARE_MAX)
    return `others had ${Math.round(generator.waitedShare * 100)} % of the generator's core`;
  return undefined;
}

const perSecond = (count: number, { durationS }: MeasuredLoad): number => count / durationS;
export const usefulPerSecond = (load: MeasuredLoad): number => perSecond(load.total.useful, load);
export const ordersPerSecond = (load: MeasuredLoad): number => perSecond(load.kinds.order.useful, load);
export const round = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number | null): string =>
  value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

const COLUMNS = [
  ['load', 9],
  ['offered/s', 9],
  ['useful/s', 8],
  ['menu/s', 7],
  ['order/s', 7],
  ['status/s', 8],
  ['p50/p99 ms', 11],
  ['late', 7],
  ['refused', 8],
  ['after p50/p99 ms', 16],
  ['timeouts', 8],
  ['nobody', 8],
  ['other', 6],
  ['RSS MiB', 7],
  ['CPU', 5],
  ['db CPU', 6],
  ['loop ms', 7],
  ['own CPU', 7],
  ['others', 6],
  ['lag ms', 6],
] as const;

export function printHead(phones: number, retry: string): void {
  console.log(
    `${phones.toLocaleString('en')} phones, tries again: ${retry}. Refused, late, … are counts; times from the planned moment.`,
  );
  console.log(COLUMNS.map(([name, width]) => name.padStart(width)).join('  '));
}

export function printLoad(name: string, load: MeasuredLoad): void {
  const { total, kinds, server, generator } = load;
  const cells = [
    name,
    round(load.offeredPerSecond),
    round(usefulPerSecond(load)),
    round(perSecond(kinds.menu.useful, load)),
    round(ordersPerSecond(load)),
    round(perSecond(kinds.status.useful, load)),
    `${ms(load.rightMs.p50)}/${ms(load.rightMs.p99)}`,
    round(total.late),
    round(load.refusals),
    `${ms(load.refusalMs.p50)}/${ms(load.refusalMs.p99)}`,
    round(total.timeouts),
    round(total.nobody),
    round(total.wrong + total.broken),
    round(server.residentMaxMiB),
    percent(server.cpuShare),
    percent(server.databaseCpuShare),
    ms(server.loopDelayP99Ms),
    percent(generator.cpuShare),
    percent(generator.waitedShare),
    ms(generator.sendLagP99Ms),
  ];
  console.log(cells.map((cell, index) => cell.padStart(COLUMNS[index]![1])).join('  '));
}

/** By the multiple of the knee: the least useful answers a second, as a factor of the knee's. */
export const USEFUL_GOALS: Readonly<Record<number, number>> = { 2: 0.9, 5: 0.9, 10: 0.7 };
export const ORDER_GOALS: Readonly<Record<number, number>> = { 2: 0.7, 5: 0.5 };
const NGINX_ORDER_GOALS: Readonly<Record<number, number>> = { 10: 0.8 };
const REFUSAL_P99_MAX_MS = 100;
const AFTER_SHARE = 0.99;

/** The goals of DESIGN §10 against what was measured. */
export function rowsOf({ steps, orders, phones, inFront }: OverloadResult, knee: MeasuredLoad): BenchRow[] {
  return [
    {
      what: 'overload: the knee, 99 % useful',
      ours: `${round(usefulPerSecond(knee))} useful/s`,
      baseline: `of ${round(knee.offeredPerSecond)} offered/s (others ${percent(knee.generator.waitedShare)})`,
      ratio: knee.total.useful / knee.total.planned,
    },
    ...steps.flatMap((step) => rowsOfStep(step, knee, inFront)),
    {
      what: `overload: memory, ${phones.toLocaleString('en')} phones`,
      ours: `most ${round(Math.max(...steps.map(({ load }) => load.server.residentMaxMiB)))} MiB`,
      baseline: `at the knee ${round(knee.server.residentMaxMiB)} MiB`,
      ratio: Math.max(...steps.map(({ load }) => load.server.residentMaxMiB)) / knee.server.residentMaxMiB,
    },
    ...(orders ? [rowOfOrders(orders)] : []),
  ];
}

const rowOfOrders = ({ lost, doubled, acknowledged }: LedgerVerdict): BenchRow => ({
  what: 'overload: orders lost and doubled',
  ours: `${lost} + ${doubled}`,
  baseline: `${round(acknowledged)} acknowledged`,
  ratio: lost + doubled,
  goal: { atMost: 0 },
});

function rowsOfStep(
  { multiple, isAfter, load }: Step,
  knee: MeasuredLoad,
  inFront: OverloadResult['inFront'],
): BenchRow[] {
  const limit = generatorLimit(load) ?? generatorLimit(knee);
  const against = (what: string) =>
    limit ? `NO VERDICT: ${limit}` : `${what} (others ${percent(load.generator.waitedShare)})`;
  if (isAfter) {
    return [
      {
        what: `overload: ${multiple} × again, 5 s later`,
        ours: `${round(usefulPerSecond(load))} useful/s`,
        baseline: against(`of ${round(load.total.planned / load.durationS)} offered/s`),
        ratio: load.total.useful / load.total.planned,
        ...(!limit && { goal: { atLeast: AFTER_SHARE } }),
      },
    ];
  }
  if (multiple <= 1) return [];
  const useful = USEFUL_GOALS[multiple];
  const orders = (inFront === 'nginx' ? NGINX_ORDER_GOALS : ORDER_GOALS)[multiple];
  const rows: BenchRow[] = [
    {
      what: `overload: useful at ${multiple} ×`,
      ours: `${round(usefulPerSecond(load))}/s`,
      baseline: against(`at the knee ${round(usefulPerSecond(knee))}/s`),
      ratio: usefulPerSecond(load) / usefulPerSecond(knee),
      ...(useful !== undefined && !limit && { goal: { atLeast: useful } }),
    },
    {
      what: `overload: useful orders at ${multiple} ×`,
      ours: `${round(ordersPerSecond(load))}/s`,
      baseline: against(`at the knee ${round(ordersPerSecond(knee))}/s`),
      ratio: ordersPerSecond(load) / ordersPerSecond(knee),
      ...(orders !== undefined && !limit && { goal: { atLeast: orders } }),
    },
  ];
  if (load.refusalMs.p99 !== null) {
    rows.push({
      what: `overload: refusals at ${multiple} ×, p99`,
      ours: `${ms(load.refusalMs.p99)} ms, ${round(load.refusals)} of them`,
      baseline: against(`promised ${REFUSAL_P99_MAX_MS} ms`),
      ratio: load.refusalMs.p99 / REFUSAL_P99_MAX_MS,
      ...(multiple === 2 && !limit && { goal: { atMost: 1 } }),
    });
  }
  return rows;
}
