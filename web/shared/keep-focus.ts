/** What a keyboard can reach. */
const REACHABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea, [tabindex="0"]';

/**
 * Whoever works by keyboard loses their place when the button that was pressed goes away: a ticket that moved on, a line that was
 * taken out. Then the focus goes to the nearest thing of the same kind that is still there, or else to the nearest that can be
 * reached. Whoever works by finger or mouse is left alone. Call once, before the first drawing.
 */
export function keepFocus(): void {
  /** The element that had the focus last and those around it, the innermost first. */
  let place: Element[] = [];
  let isByKeyboard = false;
  document.addEventListener('focusin', ({ target }) => {
    place = target instanceof Element ? [target, ...around(target)] : [];
  });
  const heard = (by: boolean) => () => {
    isByKeyboard = by;
  };
  window.addEventListener('keydown', heard(true), { capture: true });
  window.addEventListener('pointerdown', heard(false), { capture: true });
  new MutationObserver(() => {
    const [lost] = place;
    if (!isByKeyboard || !lost || lost.isConnected || document.activeElement !== document.body) return;
    const kin = lost.classList.length > 0 ? `.${CSS.escape(lost.classList[0]!)}:not(:disabled)` : REACHABLE;
    const near = place.filter((each) => each.isConnected);
    place = [];
    for (const selector of [kin, REACHABLE]) {
      for (const each of near) {
        const found = [...each.querySelectorAll<HTMLElement>(selector)].find((one) => one.checkVisibility?.() ?? true);
        if (found) return found.focus();
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function around(element: Element): Element[] {
  const found: Element[] = [];
  for (let each = element.parentElement; each; each = each.parentElement) found.push(each);
  return found;
}
