import type { Page } from 'playwright-core';

const TRANSLATOR = `
  const translate = (root) => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = root instanceof Text ? [root] : [];
    while (texts.nextNode()) found.push(texts.currentNode);
    for (const text of found) {
      const parent = text.parentElement;
      if (!parent || !text.data.trim() || parent.closest('[translate=no], script, style, textarea, font')) continue;
      const outer = document.createElement('font');
      const inner = document.createElement('font');
      inner.textContent = text.data;
      outer.append(inner);
      text.replaceWith(outer);
    }
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(translate);
  }).observe(document.body, { childList: true, subtree: true });
  translate(document.body);
`;

/**
 * Does to a page what a browser's translation does: other elements with other text nodes come into the place of each
 * text, now and whenever the page changes, except where the page says `translate="no"`. The words stay as they are, so
 * that a test can still read them.
 */
export const translatePage = (page: Page): Promise<unknown> => page.evaluate(TRANSLATOR);
