import { createWords } from '../shared/language/words.ts';

const ko = {
  moved: '{{from}}에서 옮김',
  movedNow: '자리 이동: {{from}} → {{to}}',
  fewer: '{{number}}번: 줄었어요',
  changed: '바뀜',
  changedNow: '{{number}}번: 옵션이나 요청이 바뀌었어요',
};

const en: Record<keyof typeof ko, string> = {
  moved: 'moved from {{from}}',
  movedNow: 'Moved: {{from}} → {{to}}',
  fewer: '{{number}}: there are fewer',
  changed: 'changed',
  changedNow: '{{number}}: options or a note were changed',
};

const ja: Record<keyof typeof ko, string> = {
  moved: '{{from}}から移動',
  movedNow: '席の移動: {{from}} → {{to}}',
  fewer: '{{number}}番：減りました',
  changed: '変更',
  changedNow: '{{number}}番：オプションか要望が変わりました',
};

const zh: Record<keyof typeof ko, string> = {
  moved: '从{{from}}换来',
  movedNow: '换桌：{{from}} → {{to}}',
  fewer: '{{number}}号：减少了',
  changed: '已改',
  changedNow: '{{number}}号：选项或备注已更改',
};

/** What the kitchen's page says of guests who sit elsewhere by now, and of dishes that were taken off or changed. */
export const words = createWords({ ko, en, ja, zh });
