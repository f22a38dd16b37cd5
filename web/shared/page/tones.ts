import { signal } from '@preact/signals';

/** Whether the browser lets the page be heard: none does before somebody has touched it. */
export const soundReady = signal(false);

let audio: AudioContext | null = null;

function open(): AudioContext {
  const opened = new AudioContext();
  // A call, another app or a long sleep takes the sound away again; then the page says so, and the next tap brings it back.
  opened.onstatechange = () => {
    soundReady.value = opened.state === 'running';
  };
  return opened;
}

/** Call from a touch or a key press; anywhere else most browsers refuse. */
export async function unlockSound(): Promise<void> {
  try {
    audio ??= open();
    if (audio.state !== 'running') await audio.resume();
    soundReady.value = audio.state === 'running';
  } catch {
    // A machine without any audio device.
    soundReady.value = false;
  }
}

export interface Tones {
  readonly hz: readonly number[];
  readonly shape: OscillatorType;
  /** From the beginning of one to the beginning of the next. */
  readonly stepS: number;
  /** How long one sounds. */
  readonly lengthS: number;
  /** 0 to 1. */
  readonly volume: number;
}

/** Plays them one after another. @returns false when the page may not be heard */
export function play({ hz, shape, stepS, lengthS, volume }: Tones): boolean {
  if (audio?.state !== 'running') return false;
  for (const [index, frequency] of hz.entries()) {
    const at = audio.currentTime + index * stepS;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = shape;
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(volume, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + lengthS);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + lengthS);
  }
  return true;
}
