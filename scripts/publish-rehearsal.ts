/** `npm run publish-rehearsal -- FOLDER`: what a rehearsal measured, put into README, guide and docs/rehearsal, pictures included. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { type Picture, publish } from '../rehearsal/publish/publish.ts';
import { launchBrowser } from '../test/support/chromium.ts';

/** A page as wide as a document shows it. */
const VIEW = { width: 1160, height: 1000 };
/** Around what is pictured, CSS pixels. */
const MARGIN = 12;

/** Each picture in both languages, by a real Chromium. */
export async function takePictures(file: string, pictures: readonly Picture[], folder: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    for (const language of ['en', 'ko'] as const) {
      const page = await browser.newPage({ viewport: VIEW });
      await page.goto(pathToFileURL(resolve(file)).href);
      await page.locator(`.langs button[value=${language}]`).click();
      for (const { name, from, to } of pictures) {
        const [first, last] = [from && (await boxOf(page, from)), await boxOf(page, to)];
        const top = first ? first.y - MARGIN : 0;
        const [left, right] = first
          ? [Math.min(first.x, last.x) - MARGIN, last.x + last.width + MARGIN]
          : [0, VIEW.width];
        const clip = { x: left, y: top, width: right - left, height: last.y + last.height + MARGIN - top };
        const path = join(folder, `${name}${language === 'ko' ? '.ko' : ''}.png`);
        await page.screenshot({ path, fullPage: true, clip });
      }
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

async function boxOf(page: Page, id: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator(`#${id}`).boundingBox();
  if (!box) throw new Error(`the report has no section ${id}`);
  return box;
}

if (import.meta.main) {
  const [from, ...more] = process.argv.slice(2);
  if (from === undefined || more.length > 0 || !existsSync(from)) {
    console.error('npm run publish-rehearsal -- FOLDER: the folder of results of a rehearsal (usually artillery)');
    process.exitCode = 2;
  } else {
    const published = await publish({ from, root: join(import.meta.dirname, '..'), takePictures });
    console.log(published.length > 0 ? `published: ${published.join(', ')}` : 'nothing was published');
    if (published.length === 0) process.exitCode = 1;
  }
}
