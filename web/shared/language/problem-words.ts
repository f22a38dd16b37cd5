import type { ApiProblem } from '../server/problem.ts';
import { t } from './i18n.ts';
import { createWords } from './words.ts';

const words = createWords({
  ko: {
    forbidden: '이 일을 할 권한이 없어요.',
    'not-found': '이미 없어졌어요. 화면을 새로 고쳐 주세요.',
    invalid: '적은 내용을 받을 수 없어요. 길이와 글자를 확인해 주세요.',
    'too-many-requests': '너무 자주 눌렀어요. 잠시 뒤에 다시 해 주세요.',
  },
  en: {
    forbidden: 'You may not do this.',
    'not-found': 'It is gone already. Load the page again.',
    invalid: 'This cannot be taken as it is typed. Check its length and letters.',
    'too-many-requests': 'That was too often. Try again in a moment.',
  },
});
const KNOWN = ['forbidden', 'not-found', 'invalid', 'too-many-requests'] as const;

/** What went wrong, where no field of the page says it better: in the reader's language, which the server's own sentence is not. */
export function sentenceOf({ type, status }: ApiProblem): string {
  if (status === 0) return t('error.network');
  const known = KNOWN.find((each) => each === type);
  return known ? words(known) : t('error.generic');
}
