import { availableParallelism } from 'node:os';
import type { Expectation, Ladder, Rung } from './rung.ts';

/** What DESIGN promises: a change is visible within a second. */
const PROMISE_MS = 1_000;
/** A micro-cache of a second in front of it. */
const BEHIND_EDGE_MS = 2_000;
/** With one core there is nothing to scale up to; two processes then show what sharing it costs. */
const ALL_CORES = String(Math.max(2, availableParallelism()));

const expect = (ko: string, en: string, staleMsMax: number): Expectation => ({
  ko,
  en,
  staleMsMax,
  wrongForEver: false,
  blank: false,
});

const BARE = { CACHE: 'off', INTAKE: 'direct', EFFECTS: 'inline', ROLLUP: 'per-order', WORKERS: '1' };
const CACHED = { ...BARE, CACHE: 'memory', CACHE_REFRESH: 'event' };
const EVENTS = { ...CACHED, INTAKE: 'grouped', EFFECTS: 'queued' };
const SCHEDULED = { ...EVENTS, ROLLUP: 'scheduled' };

const RUNGS: readonly Omit<Rung, 'step' | 'changes'>[] = [
  {
    name: 'untuned',
    label: { ko: '손대지 않음', en: 'Untuned' },
    untuned: true,
    // The fewest connections that a process can live with.
    switches: { ...BARE, DATABASE_CONNECTIONS: '7' },
    expect: expect('맞지만 느리다', 'right and slow', 0),
  },
  {
    name: 'db-tuning',
    label: { ko: 'DB 튜닝', en: 'Database tuning' },
    switches: BARE,
    expect: expect('같은 답을 더 싸게', 'the same answers for less', 0),
  },
  {
    name: 'cache',
    label: { ko: '캐시', en: 'Cache' },
    switches: CACHED,
    expect: expect('읽기가 데이터베이스를 떠난다', 'reads leave the database', PROMISE_MS),
  },
  {
    name: 'event-driven',
    label: { ko: '이벤트 기반', en: 'Event-driven' },
    switches: EVENTS,
    expect: expect('주문이 모여서 들어간다', 'orders go in by groups', PROMISE_MS),
  },
  {
    name: 'schedule-batch',
    label: { ko: '예약 배치', en: 'Scheduled batch' },
    switches: SCHEDULED,
    expect: expect('장부는 나중에', 'the books are made later', PROMISE_MS),
  },
  {
    name: 'scale-up',
    label: { ko: '스케일 업', en: 'Scale up' },
    switches: { ...SCHEDULED, WORKERS: ALL_CORES },
    expect: expect('코어를 모두 쓴다', 'all cores work', PROMISE_MS),
  },
  {
    name: 'scale-out',
    label: { ko: '스케일 아웃', en: 'Scale out' },
    site: { nodes: 2, nginx: true, redis: true },
    switches: { ...SCHEDULED, CACHE: 'tiered' },
    expect: expect('두 노드 앞에 nginx', 'two nodes behind nginx', BEHIND_EDGE_MS),
  },
];

/** The smallest shop to the franchise, each rung with all strategies of those below it. */
export const strategyLadder: Ladder = {
  name: 'strategy',
  rungs: [
    ...RUNGS.map((rung, step) => ({ ...rung, step, changes: true })),
    {
      name: 'edge',
      label: { ko: '엣지 캐시', en: 'Edge: nginx keeps the menu' },
      site: { nodes: 1, nginx: true, redis: false },
      switches: SCHEDULED,
      changes: true,
      expect: expect('메뉴는 nginx가 1초 들고 있다', 'nginx keeps the menu for a second', BEHIND_EDGE_MS),
    },
  ],
};
