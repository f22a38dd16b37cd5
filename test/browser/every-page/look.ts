import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { focusFaults, pageFaults } from './page-faults.ts';

/** A small phone, and a screen on a desk. */
export const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } } as const;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Colours of a picture; with more a picture of a page is three times as large, and nobody sees it. */
const COLOURS = 128;

/** Nothing is judged while it fades in, also what is far below. */
const STILL =
  '*, *::before, *::after { animation: none !important; transition: none !important; content-visibility: visible !important }';

export interface Looker {
  /** Notes what is wrong with the page as it is shown, in both sizes; with MATJIP_SHOTS a picture of each (`npm run screenshots`). */
  look(page: Page, name: string): Promise<void>;
  /** What is wrong with the pages that were looked at since; all of it at once, as one change often mends several. */
  found(): string[];
}

export function createLooker(): Looker {
  let all: string[] = [];
  async function look(page: Page, name: string): Promise<void> {
    // The store's name comes with an answer of its own on some pages.
    await page.waitForFunction("document.querySelector('h1')?.textContent !== ''");
    await page.evaluate(AXE);
    await page.evaluate(
      `{ const still = new CSSStyleSheet(); still.replaceSync(${JSON.stringify(STILL)}); document.adoptedStyleSheets.push(still); }`,
    );
    const before = page.viewportSize()!;
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      if (process.env.MATJIP_SHOTS) await take(page, `${process.env.MATJIP_SHOTS}/${name}-${size}.png`);
      const { violations } = await page.evaluate<AxeResults>('axe.run()');
      const wrong = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`),
      );
      for (const fault of [...wrong, ...(await pageFaults(page))]) all.push(`${name}, ${size}: ${fault}`);
    }
    for (const fault of await focusFaults(page)) all.push(`${name}: ${fault}`);
    await page.setViewportSize(before);
  }
  return {
    look,
    found() {
      const told = all;
      all = [];
      return told;
    },
  };
}

async function take(page: Page, path: string): Promise<void> {
  await sharp(await page.screenshot())
    .png({ palette: true, colours: COLOURS, effort: 10 })
    .toFile(path);
}
