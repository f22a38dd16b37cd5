/** The words of the picture in one language. */
export interface Texts {
  readonly about: string;
  readonly useful: string;
  readonly orders: string;
  readonly before: string;
  readonly after: string;
  readonly load: string;
  readonly refused: string;
  readonly refusalMs: string;
  readonly noAnswer: string;
  readonly reading: string;
  knee(perSecond: string): string;
  /** @param share of half the load once more; undefined: not measured */
  again(name: 'before' | 'after', share: string | undefined): string;
}

const EN: Texts = {
  about: 'Useful answers and useful orders a second against offered load, before and after overload control',
  useful: 'Useful answers a second, against the knee',
  orders: 'Useful orders a second, against the knee',
  before: 'before',
  after: 'after',
  load: 'offered',
  refused: 'refused',
  refusalMs: 'p99 of it',
  noAnswer: 'no answer',
  reading: 'Bars: goals. Hollow: other work was on the machine, no verdict.',
  knee: (perSecond) => `knee ${perSecond}/s`,
  again: (name, share) => `Half the load, 5 s later: ${share ?? 'not measured'} useful (${name}).`,
};

const KO: Texts = {
  about: '과부하 제어 전과 후, 준 부하에 따른 초당 쓸모 있는 응답과 주문',
  useful: '초당 쓸모 있는 응답 (한계점 대비)',
  orders: '초당 쓸모 있는 주문 (한계점 대비)',
  before: '이전',
  after: '이후',
  load: '준 부하',
  refused: '거절',
  refusalMs: '거절 p99',
  noAnswer: '무응답',
  reading: '막대: 목표. 빈 표식: 다른 작업이 끼어 판정하지 않음.',
  knee: (perSecond) => `한계점 ${perSecond}/s`,
  again: (name, share) =>
    `5초 뒤 절반 부하: ${share === undefined ? '재지 않음' : `${share} 쓸모 있음`} (${name === 'before' ? '이전' : '이후'}).`,
};

export const TEXTS = { en: EN, ko: KO } as const;
