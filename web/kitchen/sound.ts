import { signal } from '@preact/signals';
import { keep, recall } from '../shared/page/storage.ts';
import { play, soundReady, unlockSound } from '../shared/page/tones.ts';

const KEPT_AS = 'matjip:kitchen:sound';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Whether this screen is to make itself heard. */
export const soundWanted = signal(recall<boolean>(KEPT_AS, YEAR_MS) ?? true);

export function setSoundWanted(wanted: boolean): void {
  soundWanted.value = wanted;
  keep(KEPT_AS, wanted);
  if (wanted) void unlockSound().then(ring);
}

/** Several tickets that come at once are one sound. */
const QUIET_MS = 1_200;
/** Three rising tones: cuts through an extractor hood better than one, and is not the fryer's alarm. */
const NEW_TICKET = { hz: [784, 1047, 1319], shape: 'triangle', stepS: 0.16, lengthS: 0.26, volume: 0.7 } as const;
let lastMs = Number.NEGATIVE_INFINITY;

/** The sound of something new on the board. */
export function ring(): void {
  const nowMs = performance.now();
  if (soundWanted.value && nowMs - lastMs >= QUIET_MS && play(NEW_TICKET)) lastMs = nowMs;
}

// On the click and not on the touch before it: the hint that goes away with it would move the page under the finger. While it
// is captured, on its way down: buttons on a ticket keep their click from the ticket, and with it from the window.
for (const event of ['click', 'keyup']) {
  window.addEventListener(
    event,
    () => {
      if (soundWanted.value && !soundReady.value) void unlockSound();
    },
    { capture: true },
  );
}
