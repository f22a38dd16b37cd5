import type { InEachLanguage } from '../../src/contract/languages.ts';
import type { MessageKey } from '../i18n/ko.ts';

/** What the server says before any script has come, of a store or of an address where there is none, in the pages' own sentences. */
export const FIRST_SENTENCES = [
  'table',
  'takeout',
  'store.open',
  'store.busy',
  'store.paused',
  'store.promise',
  'store.promiseRange',
  'store.busyBanner',
  'store.fullBanner',
  'store.pausedUntil',
  'store.pausedBanner',
  'menu.categories',
  'menu.soldOut',
  'menu.left',
  'menu.search',
  'menu.empty',
  'avoid.title',
  'popular.title',
  'app.name',
  'lang.choose',
  'home.title',
  'error.nothingHere',
  'error.storeMissing',
  'error.tableUnreadable',
  'home.link',
  'retry',
] as const satisfies readonly MessageKey[];

/** What only the server says: the scripts have no use for it. */
export const WITHOUT_SCRIPT: Readonly<Record<'noScript' | 'scriptFailed', InEachLanguage>> = {
  noScript: {
    ko: '메뉴만 볼 수 있어요. 주문은 직원에게 말씀하시거나, 브라우저에서 자바스크립트를 켜 주세요.',
    en: 'You can read the menu. To order, ask the staff, or turn on JavaScript in your browser.',
    ja: 'メニューだけご覧いただけます。ご注文は店員にお声がけいただくか、ブラウザーのJavaScriptを有効にしてください。',
    zh: '目前只能查看菜单。点餐请告诉店员，或在浏览器中开启JavaScript。',
  },
  scriptFailed: {
    ko: '신호가 약해 주문 기능을 불러오지 못했어요.',
    en: 'The signal is weak: ordering could not be loaded.',
    ja: '電波が弱く、注文機能を読み込めませんでした。',
    zh: '信号较弱，未能加载点餐功能。',
  },
};
