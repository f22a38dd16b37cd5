import { signal } from '@preact/signals';
import { keep, recall } from '../shared/storage.ts';

const KEPT_AS = 'matjip:kitchen:sound';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Whether this screen is to make itself heard. */
export const soundWanted = signal(recall<boolean>(KEPT_AS, YEAR_MS) ?? true);
/** Whether the browser lets it: none does before somebody has touched the page. */
export const soundReady = signal(false);

let audio: AudioContext | null = null;

/** Call from a touch or a key press; anywhere else the browser refuses. */
export async function unlockSound(): Promise<void> {
  try {
    audio ??= new AudioContext();
    if (audio.state !== 'running') await audio.resume();
    soundReady.value = audio.state === 'running';
  } catch {
    // A machine without any audio device.
    soundReady.value = false;
  }
}

export function setSoundWanted(wanted: boolean): void {
  soundWanted.value = wanted;
  keep(KEPT_AS, wanted);
  if (wanted) void unlockSound().then(ring);
}

/** Several tickets that come at once are one sound. */
const QUIET_MS = 1_200;
/** Three rising tones: cuts through an extractor hood better than one, and is not the fryer's alarm. */
const TONES_HZ = [784, 1047, 1319];
const TONE_S = 0.16;
let lastMs = 0;

/** The sound of something new on the board. */
export function ring(): void {
  const nowMs = performance.now();
  if (!audio || !soundWanted.value || audio.state !== 'running' || nowMs - lastMs < QUIET_MS) return;
  lastMs = nowMs;
  for (const [index, hz] of TONES_HZ.entries()) {
    const at = audio.currentTime + index * TONE_S;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = 'triangle';
    tone.frequency.value = hz;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.7, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S * 1.6);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + TONE_S * 1.7);
  }
}

// On the click and not on the touch before it: the hint that goes away with it would move the page under the finger.
for (const event of ['click', 'keyup']) {
  window.addEventListener(event, () => {
    if (soundWanted.value && !soundReady.value) void unlockSound();
  });
}
