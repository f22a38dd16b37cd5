import { signal } from '@preact/signals';
import type { PartyView } from '../../src/contract/waitlist.ts';
import { pagePlace } from '../shared/page/boot.ts';
import { keep, recall } from '../shared/page/storage.ts';

/** This phone's party. Kept before it is first sent, so that neither a reload nor a dead battery joins twice. */
export interface KeptParty {
  /** UUIDv7, the `Idempotency-Key`; the party's id. */
  readonly key: string;
  /** The very bytes that are sent, each time. */
  readonly body: string;
  /** As the server last had it; null until it has answered. */
  readonly party: PartyView | null;
  readonly token: string | null;
}

export const storeSlug = pagePlace().store;
export const path = `/stores/${encodeURIComponent(storeSlug)}`;

const KEPT_AS = `matjip:${storeSlug}:party`;
/** Longer than any evening; a party of yesterday is nobody's any more. */
const AGE_MAX_MS = 12 * 60 * 60 * 1000;

const read = () => recall<KeptParty>(KEPT_AS, AGE_MAX_MS);

export const mine = signal<KeptParty | null>(read());

export function keepParty(next: KeptParty | null): void {
  keep(KEPT_AS, next);
  mine.value = next;
}

/** Another tab of this phone may have joined since. */
export const readAgain = (): KeptParty | null => {
  const kept = read();
  // Where storage is blocked there is no other tab to hear of.
  if (kept) mine.value = kept;
  return mine.value;
};

window.addEventListener('storage', ({ key }) => {
  if (key === null || key === KEPT_AS) mine.value = read();
});
