import { createWords } from '../shared/language/words.ts';

const ko = {
  title: '{{store}} 픽업 현황',
  cooking: '조리 중',
  ready: '찾아가세요',
  nobody: '아직 없어요',
  called: '{{numbers}}번 손님, 음식이 나왔습니다',
};

const en: Record<keyof typeof ko, string> = {
  title: 'Pick-up at {{store}}',
  cooking: 'Cooking',
  ready: 'Please collect',
  nobody: 'Nobody yet',
  called: 'Number {{numbers}}, your order is ready',
};

const ja: Record<keyof typeof ko, string> = {
  title: '{{store}} お受け取り',
  cooking: '調理中',
  ready: 'お受け取りください',
  nobody: 'まだありません',
  called: '{{numbers}}番のお客様、お料理ができました',
};

const zh: Record<keyof typeof ko, string> = {
  title: '{{store}} 取餐',
  cooking: '制作中',
  ready: '请取餐',
  nobody: '暂无',
  called: '请{{numbers}}号客人取餐',
};

/** What the pick-up board says. */
export const words = createWords({ ko, en, ja, zh });
