import type { Expectation } from '../ladder/rung.ts';
import type { Truth } from '../results/index.ts';

const percent = (share: number) => `${(share * 100).toFixed(share > 0 && share < 0.001 ? 2 : 1)} %`;

/** What surprised, compared with what a rung is there to show; empty when it came out as expected. */
export function surprises(
  expect: Expectation,
  truth: Truth,
): ('stale' | 'for-ever' | 'blank' | 'errors' | 'no-stampede')[] {
  return [
    ...(truth.oldestAgeMs > expect.staleMsMax ? (['stale'] as const) : []),
    ...(truth.wrongForEver !== expect.wrongForEver ? (['for-ever'] as const) : []),
    ...(truth.blank > 0 !== expect.blank ? (['blank'] as const) : []),
    ...(truth.errors > 0 ? (['errors'] as const) : []),
    ...((truth.loadsPerSecondMax ?? 0) < (expect.loadsPerSecondMin ?? 0) ? (['no-stampede'] as const) : []),
  ];
}

const SENTENCES = {
  ko: {
    summary: (truth: Truth) =>
      `메뉴 ${truth.checked}건 확인, 틀린 답 ${percent(truth.staleShare)}, 가장 오래된 답 ${truth.oldestAgeMs} ms, 메뉴 조회 ${truth.loads}회, 1초에 최대 ${truth.loadsPerSecondMax ?? 0}회`,
    stale: '예상보다 오래된 답이 있다',
    'for-ever': '끝까지 틀리는지가 예상과 다르다',
    blank: '빈 화면이 예상과 다르다',
    errors: '오류가 있다',
    'no-stampede': '이 부하에서는 조회가 몰리지 않았다',
    asExpected: '예상대로',
    unexpected: '예상과 다름',
  },
  en: {
    summary: (truth: Truth) =>
      `${truth.checked} menus checked, ${percent(truth.staleShare)} wrong, the oldest by ${truth.oldestAgeMs} ms, ${truth.loads} loads, at most ${truth.loadsPerSecondMax ?? 0} in a second`,
    stale: 'answers older than expected',
    'for-ever': 'whether it stays wrong is not as expected',
    blank: 'blank pages are not as expected',
    errors: 'errors',
    'no-stampede': 'at this load nobody loaded at once',
    asExpected: 'as expected',
    unexpected: 'NOT as expected',
  },
} as const;

/** One line: how wrong it was, and whether that is what this rung is there to show. */
export function compareWithExpected(expect: Expectation, truth: Truth, lang: 'ko' | 'en'): string {
  const words = SENTENCES[lang];
  const found = surprises(expect, truth).map((each) => words[each]);
  const verdict =
    found.length === 0
      ? `${words.asExpected}: ${expect[lang]}`
      : `${words.unexpected} (${expect[lang]}): ${found.join(', ')}`;
  return `${words.summary(truth)}; ${verdict}`;
}
