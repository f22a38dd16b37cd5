import { setTimeout as delay } from 'node:timers/promises';
import type { TruthHistory } from './judge.ts';
import { type Answer, shownBy } from './shown.ts';

const ASK_EVERY_MS = 250;
const ASK_TIMEOUT_MS = 5_000;

/** Asks for the menu once, as a phone that keeps none. */
export async function askMenu(url: string, storeId: string): Promise<Answer> {
  const sentMs = Date.now();
  try {
    const response = await fetch(`${url}/api/v1/stores/${storeId}/menu`, {
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    const body = await response.text();
    const shown = response.ok ? shownBy(JSON.parse(body)) : undefined;
    return { sentMs, receivedMs: Date.now(), shown, status: response.status };
  } catch {
    return { sentMs, receivedMs: Date.now(), shown: undefined, status: 0 };
  }
}

/**
 * After the last change: looks at the menu until it is right.
 * @param patienceMs longer than any lifetime or period that the server's cache has
 * @returns `wrong` or `blank` when it was still so at the end of the patience: it will not become right by itself
 */
export async function waitUntilRight(
  url: string,
  storeId: string,
  history: TruthHistory,
  patienceMs: number,
  signal: AbortSignal,
): Promise<'right' | 'wrong' | 'blank'> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const verdict = history.judge(await askMenu(url, storeId));
    if (verdict && !verdict.stale) return 'right';
    if (Date.now() >= deadline) return verdict ? 'wrong' : 'blank';
    await delay(ASK_EVERY_MS, undefined, { signal });
  }
}
