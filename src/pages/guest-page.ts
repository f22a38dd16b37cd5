import { readFileSync } from 'node:fs';
import { isLanguage, type Language, languageOf, type MenuView, type StoreView } from '../contract/index.ts';
import type { MenuTemplate, ReadyMenu } from '../menu/index.ts';
import { BodyTemplate } from '../platform/http/answer/body-template.ts';
import { escapeHtml } from '../platform/http/answer/escape-html.ts';
import type { ReadyBody } from '../platform/http/answer/ready-body.ts';
import { type BuiltWords, type FirstWords, firstWords, problemWords } from './first-words.ts';

const DATA_MARK = '<!--matjip:data-->';
const WORDS_MARKS = /<!--matjip:words-->[\s\S]*<!--\/matjip:words-->/;
export const HTML = 'text/html; charset=utf-8';

/** A page for one version of a menu, one state of its store and one language; a stock is filled in as into the menu itself. */
interface PageTemplate {
  readonly words: FirstWords;
  readonly body: BodyTemplate;
}
/** What was made of something in each language, for one state of the store. */
interface ByLanguage<Made> {
  readonly store: string;
  readonly made: Partial<Record<Language, Made>>;
}

/** JSON inside a script element: no `<` may end it early. */
const embed = (json: string): string => json.replaceAll('<', '\\u003c');

/**
 * The guest's page: the words that are painted at once, and the data that its script goes on with. It is made once for each version of the
 * menu, state of the store and language that somebody asks for, and for a new stock only patched; a view costs the sending of ready bytes.
 * @param folder of the built pages
 */
export function createGuestPage(folder: string) {
  const html = readFileSync(`${folder}/guest/index.html`, 'utf8');
  const built = JSON.parse(readFileSync(`${folder}/guest/words.json`, 'utf8')) as BuiltWords;
  const [before, after, ...more] = html.split(DATA_MARK);
  if (after === undefined || more.length > 0) throw new Error('The guest page has no one place for its data.');
  if (!WORDS_MARKS.test(before!)) throw new Error('The guest page has no place for its words.');
  const templates = new WeakMap<MenuTemplate, ByLanguage<PageTemplate>>();
  const pages = new WeakMap<ReadyMenu, ByLanguage<ReadyBody>>();

  /** The page's beginning with these words in their place. */
  const beginning = (language: Language, words: string, title?: string): string => {
    const { script } = built.languages[language];
    const ownSentences = script ? `<link rel="modulepreload" crossorigin href="${script}"></head>` : '</head>';
    const inLanguage = before!
      .replace('<html lang="ko">', `<html lang="${language}">`)
      .replace('</head>', ownSentences);
    const titled = title ? inLanguage.replace(/<title>[^<]*/, () => `<title>${escapeHtml(title)}`) : inLanguage;
    return titled.replace(WORDS_MARKS, () => words);
  };

  function templateOf(menu: ReadyMenu, store: StoreView, storeJson: string, language: Language): PageTemplate {
    const kept = keptFor(templates, menu.template, storeJson);
    kept[language] ??= makeTemplate(menu, store, storeJson, language);
    return kept[language];
  }

  function makeTemplate(menu: ReadyMenu, store: StoreView, storeJson: string, language: Language): PageTemplate {
    const words = firstWords(built, language, store, JSON.parse(menu.body.identity.toString()) as MenuView);
    const title = language === 'ko' ? store.name.ko || store.name.en : store.name.en || store.name.ko;
    const data = menu.template.parts.pieces.map(embed);
    // What stands before the first place of each part follows what stands after the last of the part before it.
    const pieces = [...words.pieces];
    const [first, ...rest] = beginning(language, '\0', title).split('\0');
    pieces[0] = first! + pieces[0]!;
    pieces.push(`${pieces.pop()}${rest.join('\0')}{"store":${embed(storeJson)},"menu":${data.shift()}`, ...data);
    pieces.push(`${pieces.pop()}}${after}`);
    return { words, body: new BodyTemplate(HTML, pieces, [...words.widths, ...menu.template.widths]) };
  }

  return {
    /** As it is built, for its headers. */
    html: `${html}<script>${built.atOnce}</script>`,

    /** The address of its icon. */
    icon: /\/assets\/icon-512[^"]*\.png/.exec(html)?.[0],

    /** @param asked `lang` of the address. @param accepts what the browser says of its languages; in no browser it is unset */
    languageOf(asked: unknown, accepts: string | undefined): Language {
      if (isLanguage(asked)) return asked;
      return accepts === undefined ? 'ko' : languageOf(accepts);
    },

    page(menu: ReadyMenu, store: StoreView, language: Language): ReadyBody {
      const storeJson = JSON.stringify(store);
      const kept = keptFor(pages, menu, storeJson);
      if (!kept[language]) {
        const { words, body } = templateOf(menu, store, storeJson, language);
        kept[language] = body.fill([...words.values(menu), ...menu.values]);
      }
      return kept[language];
    },

    /** The page of an address at which there is nothing to order from; its script knows it by the address, too. */
    problem: (language: Language, key: 'error.storeMissing' | 'error.tableUnreadable'): string =>
      `${beginning(language, problemWords(built.languages[language], key))}null${after}`,

    /** When nothing can be said yet: the script asks again by itself. */
    waiting: (): string => `${before}null${after}`,
  };
}

/** What was made of `of` for this state of the store; what was made for another is forgotten. */
function keptFor<Of extends object, Made>(
  all: WeakMap<Of, ByLanguage<Made>>,
  of: Of,
  store: string,
): Partial<Record<Language, Made>> {
  const kept = all.get(of);
  if (kept?.store === store) return kept.made;
  const fresh: ByLanguage<Made> = { store, made: {} };
  all.set(of, fresh);
  return fresh.made;
}
