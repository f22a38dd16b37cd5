import { en } from '../../i18n/waiting/en.ts';
import { ja } from '../../i18n/waiting/ja.ts';
import { ko } from '../../i18n/waiting/ko.ts';
import { zh } from '../../i18n/waiting/zh.ts';
import { withWords } from './words.ts';

/** `t` of the waiting line's page, which says what every page says, too. */
export const t = withWords({ ko, en, ja, zh });
