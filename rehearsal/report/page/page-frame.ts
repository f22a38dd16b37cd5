import { createHash } from 'node:crypto';
import type { Text } from '../run.ts';
import { both, html, type Part, trusted } from './markup.ts';
import { SCRIPT } from './script.ts';

const LANGUAGES: Record<keyof Text, string> = { ko: '한국어', en: 'English' };

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

interface PageParts {
  /** The one that is shown first; the page holds both and changes between them without a server. */
  readonly language: keyof Text;
  readonly title: Text;
  readonly style: string;
  /** A line below the title. */
  readonly brand: Part;
  readonly main: Part;
  readonly footer: Text;
  /** What drawings refer to. */
  readonly patterns?: Part;
}

/** One HTML file that needs nothing else: no network, no fonts, no other file. */
export function pageFrame({ language, title, style, brand, main, footer, patterns }: PageParts): string {
  const languageButton = (each: keyof Text) =>
    html`<button type="button" value="${each}" data-title="${title[each]}" aria-pressed="${String(language === each)}">${LANGUAGES[each]}</button>`;
  // Nothing may be loaded or run but this very style sheet and script, even if a name found a way out of its escaping.
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="${language}" data-lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title[language]}</title>
<style>${trusted(style)}</style>
</head>
<body>
${patterns}
<header><div><h1>${both(title)}</h1><p class="brand">${brand}</p></div><div class="langs">${languageButton('ko')}${languageButton('en')}</div></header>
<main>${main}</main>
<footer>${both(footer)}</footer>
<div class="read-out" hidden></div>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.text;
}
