import { type Signal, signal } from '@preact/signals';
import { keep, recall } from './storage.ts';

/** The secret that opens a page; only this tab remembers it. */
export interface PageKey {
  /** null while there is none. */
  readonly value: Signal<string | null>;
  /** Whether the last one was refused. */
  readonly refused: Signal<boolean>;
  /**
   * Takes it out of the address, where it came in the fragment (which no server and no log ever sees), so that it stays
   * neither in the address bar nor in the history.
   */
  take(): void;
  use(given: string): void;
  refuse(): void;
}

/** @param keptMs how long a tab that is left open remembers it */
export function createPageKey(keptAs: string, keptMs: number): PageKey {
  const value = signal<string | null>(null);
  const refused = signal(false);
  const set = (next: string | null, isRefused: boolean) => {
    refused.value = isRefused;
    keep(keptAs, next, 'sessionStorage');
    value.value = next;
  };
  const use = (given: string) => set(given, false);
  return {
    value,
    refused,
    take() {
      const given = new URLSearchParams(location.hash.slice(1)).get('key');
      if (given) {
        history.replaceState(null, '', location.pathname + location.search);
        use(given);
      } else {
        value.value = recall<string>(keptAs, keptMs, 'sessionStorage');
      }
    },
    use,
    refuse: () => set(null, true),
  };
}
