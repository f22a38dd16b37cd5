import { play, unlockSound } from '../shared/page/tones.ts';

for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => void unlockSound());
// A screen set up as a kiosk may be heard from the beginning.
void unlockSound();

/** Two falling tones, as at a station: heard over a dining room, and not the kitchen's three rising ones. */
const CALL = { hz: [1047, 784], shape: 'sine', stepS: 0.36, lengthS: 0.9, volume: 0.6 } as const;

export function chime(): void {
  play(CALL);
}
