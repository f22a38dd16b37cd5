import { createWords } from '../shared/words.ts';

const ko = {
  moved: '{{from}}에서 옮김',
  movedNow: '자리 이동: {{from}} → {{to}}',
  fewer: '{{number}}번: 줄었어요',
};

const en: Record<keyof typeof ko, string> = {
  moved: 'moved from {{from}}',
  movedNow: 'Moved: {{from}} → {{to}}',
  fewer: '{{number}}: there are fewer',
};

const ja: Record<keyof typeof ko, string> = {
  moved: '{{from}}から移動',
  movedNow: '席の移動: {{from}} → {{to}}',
  fewer: '{{number}}番：減りました',
};

const zh: Record<keyof typeof ko, string> = {
  moved: '从{{from}}换来',
  movedNow: '换桌：{{from}} → {{to}}',
  fewer: '{{number}}号：减少了',
};

/** What the kitchen's page says of guests who sit elsewhere by now, and of dishes that were taken off. */
export const words = createWords({ ko, en, ja, zh });
