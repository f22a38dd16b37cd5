import type { Page } from 'playwright-core';

/**
 * What no rule of axe-core says, and what a customer sees at once: a page that scrolls sideways, a target that is smaller than a finger,
 * words that are cut off or broken in the middle, something that lies over a button, English in a Korean page.
 */
const FAULTS = `(() => {
  const TAP_MIN_PX = 44;
  // Codes, files and addresses of the demo and of the tests, which are as they were made.
  const DATA = /menu\\.csv|menyu|stews|mugeunjijjim|kitchen|soup|busan|gangnam|hongdae|jeju|seongsu|never-worked-on/;
  const root = document.querySelector('dialog[open]') ?? document.body;
  const found = [];
  const called = (element) =>
    element.tagName.toLowerCase() + '.' + element.className + ' "' + (element.ariaLabel || element.textContent || '').trim().slice(0, 40) + '"';
  const isSeen = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1;
  };
  const isAside = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const { width, height } = one.getBoundingClientRect();
      if (getComputedStyle(one).overflowX !== 'visible' && width <= 1 && height <= 1) return true;
    }
    return false;
  };

  if (document.scrollingElement.scrollWidth > innerWidth + 1) {
    const wide = [...root.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
    found.push('scrolls sideways by ' + wide.slice(0, 3).map(called).join(', '));
  }

  for (const each of root.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    if (!isSeen(each) || isAside(each) || each.disabled) continue;
    const target = /radio|checkbox|file/.test(each.type ?? '') ? (each.closest('label') ?? each) : each;
    const { width, height, left, top } = target.getBoundingClientRect();
    // A link in a sentence is as high as its line.
    const isInSentence = each.tagName === 'A' && getComputedStyle(each).display === 'inline' && each.parentElement.textContent.trim() !== each.textContent.trim();
    if (!isInSentence && (width < TAP_MIN_PX || height < TAP_MIN_PX)) {
      found.push(Math.round(width) + ' × ' + Math.round(height) + ' px to tap: ' + called(each));
    }
    const [x, y] = [left + width / 2, top + height / 2];
    const hit = document.elementFromPoint(x, y);
    if (!hit || target.contains(hit) || hit.contains(target)) continue;
    // What scrolls passes under what stays.
    let stays = false;
    for (let one = hit; one; one = one.parentElement) stays ||= /fixed|sticky/.test(getComputedStyle(one).position);
    if (stays) continue;
    let isClipped = false;
    for (let one = target.parentElement; one; one = one.parentElement) {
      const box = one.getBoundingClientRect();
      isClipped ||= getComputedStyle(one).overflow !== 'visible' && (y < box.top || y > box.bottom || x < box.left || x > box.right);
    }
    if (!isClipped) found.push(called(hit) + ' lies over ' + called(each));
  }

  for (const each of root.querySelectorAll('*')) {
    if (!isSeen(each) || isAside(each) || /input|textarea|select|option/i.test(each.tagName)) continue;
    const { overflowX, webkitLineClamp } = getComputedStyle(each);
    const hasWords = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasWords) continue;
    if (overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1 && !/auto|scroll/.test(overflowX)) {
      found.push('cut off: ' + called(each));
    }
  }

  const isKorean = document.documentElement.lang === 'ko';
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const english = new Set();
  while (texts.nextNode()) {
    const { currentNode: text } = texts;
    const parent = text.parentElement;
    if (!text.data.trim() || !isSeen(parent) || isAside(parent) || parent.closest('script, style, svg, select')) continue;
    for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
      if (isKorean && /^["'“(]*[A-Za-z][a-z]{2,}/.test(word) && !DATA.test(word) && !parent.closest('[lang=en], [translate=no], pre, code')) english.add(word);
      if (!/[가-힣]/.test(word)) continue;
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
      if (lines.size > 1) found.push('broken in the middle: ' + word + ' of ' + called(parent));
    }
  }
  if (english.size > 0) found.push('English: ' + [...english].join(' '));
  return [...new Set(found)];
})()`;

/** @returns a sentence each */
export const pageFaults = (page: Page): Promise<string[]> => page.evaluate(FAULTS);

/** How the place of the keyboard is seen: by an outline of itself, or of the label that it is drawn by. */
const FOCUSED = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body || at.tagName === 'DIALOG') return null;
  const isSeen = [at, at.closest('label')].some((each) => {
    if (!each) return false;
    const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(each);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || /inset/.test(boxShadow);
  });
  window.matjipTabbed ??= new WeakMap();
  if (!window.matjipTabbed.has(at)) window.matjipTabbed.set(at, (window.matjipTabs = (window.matjipTabs ?? 0) + 1));
  return {
    nth: window.matjipTabbed.get(at),
    isSeen,
    name: at.tagName.toLowerCase() + '.' + at.className + ' "' + (at.ariaLabel || at.textContent || '').trim().slice(0, 40) + '"',
  };
})()`;

/** Enough to meet each kind of thing on a page; the two hundredth dish is as the second. */
const TABS_MAX = 40;

/** Goes through a page by the Tab key. @returns where the focus is not to be seen, a sentence each */
export async function focusFaults(page: Page): Promise<string[]> {
  const found = new Set<string>();
  const met = new Set<number>();
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate<{ nth: number; isSeen: boolean; name: string } | null>(FOCUSED);
    if (!at) continue;
    if (met.has(at.nth)) break;
    met.add(at.nth);
    if (!at.isSeen) found.add(`no focus to be seen at ${at.name}`);
  }
  return [...found];
}
