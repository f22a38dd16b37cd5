import {
  FEW_LEFT,
  fillSentence,
  formatMoney,
  type ItemView,
  type Language,
  type MenuView,
  promiseOf,
  type Say,
  type StoreView,
  storeSentence,
} from '../contract/index.ts';
import type { ReadyMenu } from '../menu/index.ts';
import { escapeHtml } from '../platform/http/answer/escape-html.ts';

/** What the pages' build lays beside the guest's page, by `web/first-words.ts`. */
export interface BuiltWords {
  /** Lines that run in the page itself: they say which table it is, from the page's own address. */
  readonly atOnce: string;
  readonly languages: Readonly<Record<Language, LanguageWords>>;
}

/** Sentences of one language. */
export interface LanguageWords {
  readonly sentences: Readonly<Record<string, string>>;
  /** Address of the script with its other sentences; null: they are in the page's script. */
  readonly script: string | null;
}

/** HTML of the words before, between and after what changes with the stock: each limited dish that is shown. */
export interface FirstWords {
  readonly pieces: readonly string[];
  /** Bytes of what is filled in at most. */
  readonly widths: readonly number[];
  /** What a stock fills in. */
  values(menu: ReadyMenu): string[];
}

/**
 * Dishes that have words before the script comes: those of a restaurant's whole menu, where that is one. A menu that is longer is read by
 * nobody within the second that the rest takes, and would only hold up the scripts.
 */
export const FIRST_DISHES_MAX = 120;

const sentenceIn =
  ({ sentences }: LanguageWords): Say<string> =>
  (key, values = {}) =>
    fillSentence(sentences[key]!, values);
/** The same as HTML. */
const sayIn =
  (words: LanguageWords): Say<string> =>
  (key, values) =>
    escapeHtml(sentenceIn(words)(key, values));

const nameIn = (language: Language) => (name: { ko: string; en: string }) =>
  escapeHtml(language === 'ko' ? name.ko || name.en : name.en || name.ko);

/**
 * The guest's page as it looks when nothing has been chosen yet, made of the classes that its script uses, so that nothing moves when that
 * takes over. What is tapped before is an address within the page, which the script then follows. A pure function of what is given.
 */
export function firstWords(
  { atOnce, languages }: BuiltWords,
  language: Language,
  store: StoreView,
  { categories, currency }: MenuView,
): FirstWords {
  const say = sayIn(languages[language]);
  const nameOf = nameIn(language);
  const shown = firstDishes(categories);
  const soldOut = badge('sold', say('menu.soldOut'));
  const fewLeft = (count: number) => badge('warn', say('menu.left', { count }));
  const pieces: string[] = [];
  const limited: string[] = [];

  let text = heroOf(store, languages[language], nameOf, say) + noScript(say);
  text += `<script>${atOnce}</script>`;
  if (!categories.some(({ items }) => items.length)) {
    text += `<main><p class="page-problem">${say('menu.empty')}</p></main>`;
  } else {
    const hasAllergens = categories.some(({ items }) => items.some(({ allergens }) => allergens.length));
    const avoid = hasAllergens ? `<a class="button" href="#avoid">${say('avoid.title')}</a>` : '';
    const tabs = categories.map(
      ({ id, name }, at) =>
        `<a class="tab" href="#category-${id}"${at === 0 ? ' aria-current="true"' : ''}>${nameOf(name)}</a>`,
    );
    text += `<section class="popular"><h2>${say('popular.title')}</h2></section><main><search class="find"><div class="find-row"><input type="search" disabled placeholder="${say('menu.search')}" aria-label="${say('menu.search')}">${avoid}</div></search><nav class="tabs" aria-label="${say('menu.categories')}">${tabs.join('')}</nav>`;
    for (const { id, name, items } of shown) {
      text += `<section id="category-${id}" class="category"><h2>${nameOf(name)}</h2><ul class="dishes">`;
      for (const item of items) {
        text += `<li><a class="dish" href="#dish/${item.id}"><span class="dish-words"><span class="dish-name">${nameOf(item.name)}</span>`;
        if (item.description) text += `<span class="dish-about">${nameOf(item.description)}</span>`;
        text += `<span class="dish-price number">${escapeHtml(formatMoney(item.price, currency, language))}</span><span class="dish-badges">`;
        if (item.notNow) text += badge('sold', nameOf(item.notNow));
        else if (item.remaining === null) text += item.soldOut ? soldOut : '';
        else {
          limited.push(item.id);
          pieces.push(text);
          text = '';
        }
        text += `</span></span>${item.photo ? '<span class="picture"></span>' : ''}</a>`;
        // The place of the button that puts one into the cart: the words beside it leave it free.
        text += `${isQuick(item) ? '<i class="quick"></i>' : ''}</li>`;
      }
      text += '</ul></section>';
    }
    text += '</main>';
  }
  pieces.push(text);
  const width = Math.max(...[soldOut, ...Array.from({ length: FEW_LEFT }, (_, at) => fewLeft(at + 1))].map(bytesOf));
  return {
    pieces,
    widths: limited.map(() => width),
    values({ template, stock }) {
      const wholly = new Set(template.parts.limited.filter((dish) => dish.soldOut).map(({ id }) => id));
      return limited.map((id) => {
        const left = stock.remaining.get(id) ?? 0;
        if (left === 0 || wholly.has(id)) return soldOut;
        return left <= FEW_LEFT ? fewLeft(left) : '';
      });
    },
  };
}

/** Said instead of a menu: the address names no store, or no table. */
export function problemWords(words: LanguageWords, key: 'error.storeMissing' | 'error.tableUnreadable'): string {
  const say = sayIn(words);
  return `<main class="page-problem"><div role="alert"><h1>${say(key)}</h1></div><a class="button" href="/">${say('home.link')}</a></main>`;
}

function heroOf(store: StoreView, words: LanguageWords, nameOf: ReturnType<typeof nameIn>, say: Say<string>): string {
  // What a person wrote as a reason stands in it, too.
  const sentence = storeSentence(store, sentenceIn(words));
  const promise = store.state === 'paused' ? '' : `<span>${escapeHtml(promiseOf(store, sentenceIn(words)))}</span>`;
  const table = escapeHtml(words.sentences.table!);
  return `<header class="hero"><div class="hero-bar"></div><h1>${nameOf(store.name)}</h1><p class="hero-facts"><span class="hero-chip" data-table="${table}" data-takeout="${say('takeout')}"></span><span class="hero-state ${store.state}">${say(`store.${store.state}`)}</span>${promise}</p>${sentence ? `<p class="banner">${escapeHtml(sentence)}</p>` : ''}<p class="banner script-failed" hidden>${say('scriptFailed')} <a href="">${say('retry')}</a></p></header>`;
}

const noScript = (say: Say<string>) => `<noscript><p class="banner no-script">${say('noScript')}</p></noscript>`;
/** The style knows by it that the whole dish is gone, where only the badge changes with the stock. */
const badge = (kind: 'sold' | 'warn', said: string) => `<b class="badge ${kind}">${said}</b>`;
const bytesOf = (text: string) => Buffer.byteLength(text);

/** Whether one tap takes it, while there is any: nothing must be chosen. */
const isQuick = ({ notNow, soldOut, remaining, optionGroups }: ItemView): boolean =>
  !notNow && (remaining !== null || !soldOut) && optionGroups.every(({ min }) => min === 0);

/** The menu's beginning. */
function firstDishes(categories: MenuView['categories']): MenuView['categories'] {
  let room = FIRST_DISHES_MAX;
  return categories.flatMap((category) => {
    const items = category.items.slice(0, room);
    room -= items.length;
    return items.length > 0 ? [{ ...category, items }] : [];
  });
}
