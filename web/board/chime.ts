import { signal } from '@preact/signals';

/** Whether the browser lets the page be heard: none does before somebody has touched it. */
export const chimeReady = signal(false);

let audio: AudioContext | null = null;

async function unlock(): Promise<void> {
  try {
    audio ??= new AudioContext();
    if (audio.state !== 'running') await audio.resume();
    chimeReady.value = audio.state === 'running';
  } catch {
    // A screen without any audio device: what is ready is still seen.
  }
}

for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => void unlock());
// A screen set up as a kiosk may be heard from the beginning.
void unlock();

/** Two falling tones, as at a station: heard over a dining room, and not the kitchen's three rising ones. */
const TONES_HZ = [1047, 784];
const TONE_S = 0.45;

export function chime(): void {
  if (audio?.state !== 'running') return;
  for (const [index, hz] of TONES_HZ.entries()) {
    const at = audio.currentTime + index * TONE_S * 0.8;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = 'sine';
    tone.frequency.value = hz;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S * 2);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + TONE_S * 2);
  }
}
