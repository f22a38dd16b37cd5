import { computed, signal } from '@preact/signals';
import type { OpsView } from '../../src/contract/ops.ts';
import { getJson } from '../shared/server/api.ts';
import { ownerKey } from './dead-letters.ts';

/** As often as a process says what it counted. */
const LOOK_AGAIN_MS = 5_000;
/** A node that has not answered for so long is no longer shown: behind a load balancer each look may reach another one. */
const FORGET_MS = 60_000;

/** What each node said last. */
const nodes = signal<ReadonlyMap<string, OpsView>>(new Map());
const chosen = signal<string | null>(null);

export const nodeNames = computed(() => [...nodes.value.keys()].sort());
/** Of the node that was chosen; otherwise of the first by name, so that the page does not jump between two. */
export const view = computed<OpsView | null>(
  () => nodes.value.get(chosen.value ?? '') ?? nodes.value.get(nodeNames.value[0] ?? '') ?? null,
);

export function choose(name: string): void {
  chosen.value = name;
}

/** Says nothing of its own when nobody answers: the line about the last look does. */
export async function lookAtNode(): Promise<void> {
  const key = ownerKey.value.value;
  if (!key) return;
  try {
    const answer = await getJson<OpsView>('/ops', key);
    const now = Date.parse(answer.at);
    const known = [...nodes.value].filter(([, { at }]) => now - Date.parse(at) < FORGET_MS);
    nodes.value = new Map([...known, [answer.node.name, answer]]);
  } catch {
    // The next look.
  }
}

export function keepWatching(): void {
  setInterval(() => {
    if (document.visibilityState === 'visible') void lookAtNode();
  }, LOOK_AGAIN_MS);
}
