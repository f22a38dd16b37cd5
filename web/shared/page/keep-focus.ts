/** What a keyboard can reach. */
const REACHABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea, [tabindex="0"]';
/** A button that is off while its answer is awaited has the focus again when it comes; one that stays off longer does not. */
const STAYS_OFF_MS = 600;

const canHave = (element: Element): boolean =>
  element.isConnected && !element.matches(':disabled') && (element.checkVisibility?.() ?? true);

/**
 * Whoever works by keyboard loses their place when the button that was pressed goes away or is switched off: a ticket that moved on, a line
 * that was taken out, the last step that could be undone. Then the focus goes to the nearest thing of the same kind that is still there,
 * or else to the nearest that can be reached. Whoever works by finger or mouse is left alone. Call once, before the first drawing.
 */
export function keepFocus(): void {
  /** The element that had the focus last and those around it, the innermost first. */
  let place: Element[] = [];
  let isByKeyboard = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('focusin', ({ target }) => {
    clearTimeout(timer);
    place = target instanceof Element ? [target, ...around(target)] : [];
  });
  const heard = (by: boolean) => () => {
    isByKeyboard = by;
  };
  window.addEventListener('keydown', heard(true), { capture: true });
  window.addEventListener('pointerdown', heard(false), { capture: true });

  const isLost = () => isByKeyboard && place.length > 0 && document.activeElement === document.body;
  const goNear = () => {
    const [lost] = place;
    if (!isLost() || !lost) return;
    const kin = lost.classList.length > 0 ? `.${CSS.escape(lost.classList[0]!)}` : REACHABLE;
    const near = place.filter((each) => each.isConnected);
    for (const selector of [kin, REACHABLE]) {
      for (const each of near) {
        const found = [...each.querySelectorAll<HTMLElement>(selector)].find(
          (one) => one.matches(REACHABLE) && canHave(one),
        );
        if (found) return found.focus();
      }
    }
  };
  const look = (changes: readonly MutationRecord[]) => {
    const [lost] = place;
    if (!lost) return;
    if (!lost.isConnected) return goNear();
    if (!changes.some(({ target }) => target === lost)) return;
    clearTimeout(timer);
    // The browser takes the focus from it when it draws next, and not yet.
    if (lost.matches(':disabled')) timer = setTimeout(goNear, STAYS_OFF_MS);
    else if (isLost()) (lost as HTMLElement).focus();
  };
  new MutationObserver(look).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  });
}

function around(element: Element): Element[] {
  const found: Element[] = [];
  for (let each = element.parentElement; each; each = each.parentElement) found.push(each);
  return found;
}
