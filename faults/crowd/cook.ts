import { setTimeout as delay } from 'node:timers/promises';
import { background } from '../../test/support/background.ts';
import type { Client } from '../../test/support/client.ts';
import { ADMIN_KEY } from '../../test/support/keys.ts';
import type { Scene } from '../scenario.ts';
import { nowMs } from './guest.ts';

/** A move that was acknowledged. */
export interface Move {
  readonly key: string;
  /** Of the event that tells the guest of it. */
  readonly seq: number;
  readonly sentMs: number;
}

/** A cook who begins tickets and changes their mind, one after the other. */
export interface Cook {
  moves(): readonly Move[];
  end(): Promise<void>;
}

const BETWEEN_MS = 20;

/** @param keys orders of one dish at one station */
export function startCook(scene: Scene, client: Client, storeId: string, keys: readonly string[]): Cook {
  const moves: Move[] = [];
  const versions = new Map<string, number>();
  const { end } = background(scene.life, async (signal) => {
    while (!signal.aborted) {
      const key = keys[scene.random.integer(keys.length)]!;
      const version = versions.get(key) ?? 1;
      const path = `/api/v1/stores/${storeId}/kitchen/tickets/${encodeURIComponent(`${key}:kitchen`)}/advance`;
      const body = { to: version % 2 === 1 ? 'cooking' : 'placed', version };
      const sentMs = nowMs();
      const { status } = await client.call(path, { token: ADMIN_KEY, body });
      if (status === 200) {
        versions.set(key, version + 1);
        moves.push({ key, seq: version + 1, sentMs });
      }
      await delay(BETWEEN_MS, undefined, { signal });
    }
  });
  return { moves: () => moves, end };
}
