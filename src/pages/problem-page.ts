import { existsSync, readFileSync } from 'node:fs';
import { LANGUAGES, type Language, languageOf } from '../contract/index.ts';
import { escapeHtml } from '../platform/http/answer/escape-html.ts';
import { pageHeaders } from '../platform/http/answer/security-headers.ts';
import type { PersonPage } from '../platform/http/server.ts';
import type { BuiltWords } from './first-words.ts';

const EMPTY_HEAD = '<div class="hero" aria-hidden="true"></div>';

/**
 * What a person reads at an address where there is nothing, or that means nothing: that it is so, in their language and before any script, and
 * then the stores. A program is told in JSON, and the API always speaks it.
 * @param folder of the built pages
 * @returns undefined where they are not built
 */
export function createProblemPage(folder: string): PersonPage | undefined {
  if (!existsSync(folder)) return undefined;
  const html = readFileSync(`${folder}/home/index.html`, 'utf8');
  if (!html.includes(EMPTY_HEAD)) throw new Error('The page of the stores has no place for its words.');
  const { languages } = JSON.parse(readFileSync(`${folder}/guest/words.json`, 'utf8')) as BuiltWords;
  const headers = { ...pageHeaders(html), 'cache-control': 'no-cache', vary: 'Accept, Accept-Language' };
  const made = new Map<Language, string>();

  const htmlIn = (language: Language): string => {
    const say = (key: string) => escapeHtml(languages[language].sentences[key]!);
    const words = `<header class="hero"><select class="language-choice" disabled aria-label="${say('lang.choose')}"><option>${LANGUAGES[language]}</option></select><p class="brand">${say('app.name')}</p><h1>${say('home.title')}</h1></header><main><p class="banner" role="alert">${say('error.nothingHere')}</p><noscript><p class="empty"><a href="/">${say('home.link')}</a></p></noscript></main>`;
    return html.replace('<html lang="ko">', `<html lang="${language}">`).replace(EMPTY_HEAD, () => words);
  };

  return ({ status }, { method, url, headers: { accept, 'accept-language': accepts } }) => {
    const isPerson = method === 'GET' && !url.startsWith('/api/') && accept?.includes('text/html');
    // What is broken or full is said by whoever knows for how long.
    if (!isPerson || status >= 500) return undefined;
    const language = accepts === undefined ? 'ko' : languageOf(accepts);
    let page = made.get(language);
    if (!page) {
      page = htmlIn(language);
      made.set(language, page);
    }
    return { headers: { ...headers, 'content-language': language }, html: page };
  };
}
