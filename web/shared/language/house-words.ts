import { en } from '../../i18n/house/en.ts';
import { ja } from '../../i18n/house/ja.ts';
import { ko } from '../../i18n/house/ko.ts';
import { zh } from '../../i18n/house/zh.ts';
import { en as waitingEn } from '../../i18n/waiting/en.ts';
import { ja as waitingJa } from '../../i18n/waiting/ja.ts';
import { ko as waitingKo } from '../../i18n/waiting/ko.ts';
import { zh as waitingZh } from '../../i18n/waiting/zh.ts';
import { withWords } from './words.ts';

/** `t` of the pages of whoever works here; it says what guests read, too. */
export const t = withWords({
  ko: { ...ko, ...waitingKo },
  en: { ...en, ...waitingEn },
  ja: { ...ja, ...waitingJa },
  zh: { ...zh, ...waitingZh },
});
