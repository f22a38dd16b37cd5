import { createWords } from '../shared/language/words.ts';

const ko = {
  title: '부르는 테이블',
  since: '{{count}}분째',
  now: '방금',
  answer: '가요',
  answerName: '테이블 {{table}}에 가요',
  answered: '테이블 {{table}} 손님에게 간다고 알렸어요',
  failed: '알리지 못했어요. 다시 눌러 주세요.',
};

const en: Record<keyof typeof ko, string> = {
  title: 'Calling',
  since: 'for {{count}} min',
  now: 'just now',
  answer: 'Coming',
  answerName: 'Coming to table {{table}}',
  answered: 'Table {{table}} knows that you come',
  failed: 'That did not get through. Please tap again.',
};

const ja: Record<keyof typeof ko, string> = {
  title: '呼んでいるテーブル',
  since: '{{count}}分',
  now: 'たった今',
  answer: '行きます',
  answerName: 'テーブル {{table}}へ行く',
  answered: 'テーブル {{table}}のお客様に知らせました',
  failed: '知らせられませんでした。もう一度押してください。',
};

const zh: Record<keyof typeof ko, string> = {
  title: '呼叫中的桌',
  since: '{{count}}分钟',
  now: '刚刚',
  answer: '马上来',
  answerName: '去{{table}}号桌',
  answered: '已通知{{table}}号桌马上来',
  failed: '没有送达，请再按一次。',
};

/** What the hall's page says of tables that call. */
export const words = createWords({ ko, en, ja, zh });
