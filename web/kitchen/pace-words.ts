import { createWords } from '../shared/language/words.ts';

const ko = {
  title: '주방 속도',
  load: '조리대별 남은 양',
  of: '{{open}} / {{capacity}}인분',
  rate: '1분에 {{count}}인분',
  pause: '주문 잠시 멈추기',
  slow: '천천히 받기 (약속 시간 늘리기)',
  untilOpened: '직접 열 때까지',
  untilDayEnds: '오늘 영업이 끝날 때까지',
  until: '{{time}}까지',
  reason: '손님에게 보일 이유',
  'reason.group': '단체 손님',
  'reason.kitchen': '주방 사정',
  'reason.break': '브레이크 타임',
  failed: '상태를 바꾸지 못했어요',
};

const en: Record<keyof typeof ko, string> = {
  title: 'Kitchen pace',
  load: 'Left to make, by station',
  of: '{{open}} / {{capacity}} portions',
  rate: '{{count}} portions a minute',
  pause: 'Pause orders',
  slow: 'Slow down (promise longer)',
  untilOpened: 'Until opened',
  untilDayEnds: 'Until the day ends',
  until: 'until {{time}}',
  reason: 'Reason shown to guests',
  'reason.group': 'Large party',
  'reason.kitchen': 'Kitchen trouble',
  'reason.break': 'Break time',
  failed: 'The state could not be changed',
};

const ja: Record<keyof typeof ko, string> = {
  title: '厨房のペース',
  load: '持ち場別の残り',
  of: '{{open}} / {{capacity}}人前',
  rate: '1分に{{count}}人前',
  pause: '注文を一時停止',
  slow: 'ゆっくり受ける（お約束を延ばす）',
  untilOpened: '再開するまで',
  untilDayEnds: '本日の営業が終わるまで',
  until: '{{time}}まで',
  reason: 'お客様に見せる理由',
  'reason.group': '団体のお客様',
  'reason.kitchen': '厨房の都合',
  'reason.break': '休憩時間',
  failed: '状態を変えられませんでした',
};

const zh: Record<keyof typeof ko, string> = {
  title: '厨房节奏',
  load: '各工位余量',
  of: '{{open}} / {{capacity}}份',
  rate: '每分钟{{count}}份',
  pause: '暂停接单',
  slow: '放慢接单（延长承诺时间）',
  untilOpened: '直到手动恢复',
  untilDayEnds: '到今天营业结束',
  until: '到{{time}}',
  reason: '给客人看的原因',
  'reason.group': '团体客人',
  'reason.kitchen': '厨房原因',
  'reason.break': '休息时间',
  failed: '无法更改状态',
};

/** What the sheet of the kitchen's pace says; guests' phones need none of it. */
export const words = createWords({ ko, en, ja, zh });
