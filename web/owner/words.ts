import { createWords } from '../shared/own-words.ts';

const ko = {
  times: '기다린 시간',
  waiting: '조리 시작까지',
  cooking: '조리',
  whole: '주문부터 준비까지',
  half: '절반은 {{time}} 안에',
  most: '열에 아홉은 {{time}} 안에',
  late: '준비된 주문 {{orders}}건 가운데 {{late}}건이 약속보다 늦었어요.',
  minutes: '{{minutes}}분 {{seconds}}초',
  none: '아직 준비된 주문이 없어요.',
  stores: '전체 매장',
  storesTitle: '매장별 오늘 매출',
  lastWeek: '지난주 이맘때 {{value}}',
  openDays: '마감 안 된 날 {{count}}일',
  empty: '아직 매장이 없어요.',
};

const en: Record<keyof typeof ko, string> = {
  times: 'Waiting times',
  waiting: 'Until cooking began',
  cooking: 'Cooking',
  whole: 'From order to ready',
  half: 'half within {{time}}',
  most: 'nine of ten within {{time}}',
  late: 'Of {{orders}} orders that are ready, {{late}} were later than promised.',
  minutes: '{{minutes}} min {{seconds}} s',
  none: 'No order is ready yet.',
  stores: 'All stores',
  storesTitle: 'Today at each store',
  lastWeek: '{{value}} by now last week',
  openDays: '{{count}} days not closed',
  empty: 'No stores yet.',
};

/** The sentences of the owner's pages that no guest's phone has to load. */
export const w = createWords(ko, en);
