import { type Signal, signal } from '@preact/signals';
import { keep, recall } from '../page/storage.ts';

/** Stands in the place of a key where somebody has signed in by name: the browser's cookie opens the page then. */
export const SIGNED_IN = 'signed-in';
/** That somebody has, so that a page need not ask in vain. */
const SIGNED_IN_AS = 'matjip:signed-in';
/** How keys of devices begin; a tablet keeps its own over a restart. */
const DEVICE_KEY = 'mjd_';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * What opened another page of this tab, or of this tablet: whoever goes from the set-up to the staff, or from the hall to the bills, types
 * nothing again. Where it does not open the page, the page asks for its own.
 */
const LAST_KEY = 'matjip:key';

/** The secret that opens a page; only this tab remembers it, except a device's own and that somebody has signed in. */
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
  /** Forgets it, as whoever signs out wants. */
  leave(): void;
  /** Who took this tablet over by PIN; null: nobody. */
  readonly person: Signal<TabletPerson | null>;
  /** Whether this browser is signed in as a tablet, whoever works at it. */
  isTablet(): boolean;
  /** The tablet's own key. */
  tabletKey(): string | null;
  takeOver(key: string, person: TabletPerson): void;
  /** The tablet is nobody's again. */
  giveBack(): void;
}

export interface TabletPerson {
  readonly name: string;
  /** Seconds without a touch after which the tablet is nobody's again. */
  readonly idleS: number;
}

/** @param keptMs how long a tab that is left open remembers it */
export function createPageKey(keptAs: string, keptMs: number): PageKey {
  const value = signal<string | null>(null);
  const refused = signal(false);
  const set = (next: string | null, isRefused: boolean) => {
    refused.value = isRefused;
    keep(keptAs, next === SIGNED_IN ? null : next, 'sessionStorage');
    if (next?.startsWith(DEVICE_KEY)) keep(keptAs, next);
    if (next === null) keep(keptAs, null);
    if (next === SIGNED_IN) keep(SIGNED_IN_AS, next);
    value.value = next;
  };
  let isBorrowed = false;
  const use = (given: string) => {
    isBorrowed = false;
    if (given !== SIGNED_IN) {
      keep(LAST_KEY, given, 'sessionStorage');
      if (given.startsWith(DEVICE_KEY)) keep(LAST_KEY, given);
    }
    set(given, false);
  };
  /** Somebody who signed in by name comes first: what they do has their name. */
  const borrow = (): string | null => {
    const found =
      recall<string>(SIGNED_IN_AS, YEAR_MS) ??
      recall<string>(LAST_KEY, keptMs, 'sessionStorage') ??
      recall<string>(LAST_KEY, YEAR_MS);
    isBorrowed = found !== null && found !== SIGNED_IN;
    if (isBorrowed) set(found, false);
    return found;
  };
  const personKeptAs = `${keptAs}:person`;
  const person = signal<TabletPerson | null>(null);
  const tabletKey = () => recall<string>(keptAs, YEAR_MS);
  /** Of a person it is kept in this tab alone, beside the tablet's own. */
  const stand = (key: string | null, by: TabletPerson | null) => {
    keep(personKeptAs, by, 'sessionStorage');
    keep(keptAs, key, 'sessionStorage');
    refused.value = false;
    person.value = by;
    value.value = key;
  };
  const giveBack = () => stand(tabletKey(), null);
  return {
    value,
    refused,
    take() {
      const given = new URLSearchParams(location.hash.slice(1)).get('key');
      if (given) {
        history.replaceState(null, '', location.pathname + location.search);
        use(given);
      } else {
        value.value = recall<string>(keptAs, keptMs, 'sessionStorage') ?? recall<string>(keptAs, YEAR_MS) ?? borrow();
        person.value = recall<TabletPerson>(personKeptAs, keptMs, 'sessionStorage');
      }
    },
    use,
    // Whose time is over gives the tablet back, which is still signed in.
    refuse: () => (person.value && tabletKey() ? giveBack() : set(null, !isBorrowed)),
    person,
    isTablet: () => tabletKey()?.startsWith(DEVICE_KEY) ?? false,
    tabletKey,
    takeOver: stand,
    giveBack,
    leave() {
      keep(SIGNED_IN_AS, null);
      set(null, false);
    },
  };
}
