import { createWords } from '../shared/language/words.ts';
import { en } from './languages/en.ts';
import { ja } from './languages/ja.ts';
import { ko } from './languages/ko.ts';
import { zh } from './languages/zh.ts';

/** What the page of bills says. */
export const words = createWords({ ko, en, ja, zh });
