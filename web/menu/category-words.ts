import { createWords } from '../shared/language/words.ts';

const ko = {
  hours: '{{name}} 판매 시간',
  always: '늘 팔아요',
  change: '판매 시간 고치기',
  changeName: '{{name}} 판매 시간 고치기',
  help: '이 분류의 모든 음식에 맞춰요. 예: 매일 11:00-14:30. 비우면 늘 팔아요. 음식마다 따로 정한 시간은 그대로예요.',
  save: '저장',
  cancel: '그만두기',
  saved: '{{name}} 판매 시간을 바꿨어요',
  wrong: '월-금 11:00-14:30처럼 적어 주세요.',
  gone: '다른 사람이 이 분류를 바꿨어요. 다시 봐 주세요.',
};

const en: Record<keyof typeof ko, string> = {
  hours: 'When {{name}} is served',
  always: 'always served',
  change: 'Change the hours',
  changeName: 'Change the hours of {{name}}',
  help: 'For all dishes of this category, such as mon-fri 11:00-14:30. Empty: always. A dish with hours of its own keeps them.',
  save: 'Save',
  cancel: 'Leave it',
  saved: 'The hours of {{name}} are changed',
  wrong: 'Write it like mon-fri 11:00-14:30.',
  gone: 'Somebody else has changed this category. Please look again.',
};

/** What the menu's page says of a whole category. */
export const words = createWords({ ko, en });
