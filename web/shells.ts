import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/** What a page's HTML has of its own; the rest is the same on all of them. */
interface Shell {
  /** Until the script knows the store's name. */
  readonly title: string;
  /** Colours of its own, whatever the phone is set to; unset: light and dark as the phone is. */
  readonly theme?: 'kitchen' | 'hall' | 'door';
  /** Of the browser's bar around the page. */
  readonly colour?: string;
  readonly icon?: keyof typeof ICONS;
  /** Whether search engines may list it, and links from it may say where they come from. */
  readonly isPublic?: true;
  /** Files beside the page's script: more for the head, and what is painted before any script runs. */
  readonly head?: string;
  readonly body?: string;
}

const RED = '#c2261d';
const COAL = '#12100e';
const BOWL = "<path d='M6 15h20a10 10 0 0 1-20 0z' fill='%23fff'/>";
const tile = (inside: string, colour = RED) =>
  `<rect width='32' height='32' rx='9' fill='${colour.replace('#', '%23')}'/>${inside}`;
const ICONS = {
  bowl: tile(BOWL),
  steaming: tile(
    `${BOWL}<path d='M12 11c-2-2 2-3 0-6M19 11c-2-2 2-3 0-6' stroke='%23fff' stroke-width='2' fill='none' stroke-linecap='round'/>`,
  ),
  dark: tile(BOWL.replace('%23fff', '%23ffb454'), COAL),
  bars: tile("<path d='M8 24V15m8 9V8m8 16v-6' stroke='%23fff' stroke-width='4' stroke-linecap='round'/>"),
} as const;

/** Every page by the folder of its script. */
const SHELLS: Readonly<Record<string, Shell>> = {
  home: { title: '맛집', icon: 'steaming', isPublic: true, body: 'body.html' },
  guest: { title: '맛집', icon: 'steaming', isPublic: true, head: 'head.html', body: 'body.html' },
  waitlist: { title: '웨이팅' },
  kitchen: { title: '주방', theme: 'kitchen', colour: COAL, icon: 'dark' },
  board: { title: '픽업 현황' },
  bills: { title: '계산', theme: 'hall', colour: COAL },
  hall: { title: '홀', theme: 'hall', colour: COAL },
  door: { title: '웨이팅 안내', theme: 'door', colour: '#14100d' },
  owner: { title: '매출', icon: 'bars' },
  menu: { title: '메뉴 관리', icon: 'bars' },
  setup: { title: '매장 설정', icon: 'bars' },
  staff: { title: '직원', colour: '#fff8f0' },
  ops: { title: '운영 현황' },
};

/** @param part reads a file beside the page's script */
function htmlOf(shell: Shell, part: (name: string) => string): string {
  const { title, theme, colour = RED, icon = 'bowl', isPublic, head, body } = shell;
  const icons = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>${ICONS[icon]}</svg>`;
  return `<!doctype html>
<html lang="ko"${theme ? ` data-theme="${theme}"` : ''}>
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="text-scale" content="scale" />
    <meta name="theme-color" content="${colour}" />
    ${isPublic ? '' : '<meta name="robots" content="noindex" /><meta name="referrer" content="no-referrer" />'}
    <title>${title}</title>
    <link rel="icon" href="data:image/svg+xml,${icons.replaceAll('<', '%3C').replaceAll('>', '%3E')}" />
    ${head ? part(head) : ''}
  </head>
  <body>
    ${body ? part(body) : '<div id="app"></div>'}
    <script type="module" src="./main.tsx"></script>
  </body>
</html>
`;
}

/** The entry of each page as if its HTML lay beside its script, so that what they have in common is written once. */
export function pageShells(web: string): { inputs: Record<string, string>; plugin: Plugin } {
  const pages = new Map(Object.keys(SHELLS).map((name) => [resolve(web, name, 'index.html'), name]));
  return {
    inputs: Object.fromEntries([...pages].map(([path, name]) => [name, path])),
    plugin: {
      name: 'matjip-page-shells',
      resolveId: (id) => (pages.has(id) ? id : undefined),
      load(id) {
        const name = pages.get(id);
        if (!name) return undefined;
        return htmlOf(SHELLS[name]!, (file) => {
          const path = resolve(web, name, file);
          this.addWatchFile(path);
          return readFileSync(path, 'utf8').trim();
        });
      },
    },
  };
}
