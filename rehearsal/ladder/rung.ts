/** What should be seen at a rung; the rehearsal says so when it is not. */
export interface Expectation {
  readonly ko: string;
  readonly en: string;
  /** The oldest wrong answer that is still as expected, in milliseconds; 0 for none, Infinity for no bound. */
  readonly staleMsMax: number;
  /** Whether it stays wrong when nothing changes any more. */
  readonly wrongForEver: boolean;
  /** Whether guests meet blank pages. */
  readonly blank: boolean;
  /** The menu is loaded so many times within one second, at the latest when the knee is looked for. */
  readonly loadsPerSecondMin?: number;
}

/** One way to run Matjip, to be measured beside others. */
export interface Rung {
  /** Also the name of its folder of results. */
  readonly name: string;
  readonly label: { readonly ko: string; readonly en: string };
  /** Its place from the bottom of its ladder; a variant of another rung has none. */
  readonly step?: number;
  /** What is set in the server's environment. */
  readonly switches: Readonly<Record<string, string>>;
  /** Without what database tuning adds: every index that is no key is dropped before the crowd comes. */
  readonly untuned?: boolean;
  /** More than one server alone. */
  readonly site?: { readonly nodes: number; readonly nginx: true; readonly redis: boolean };
  /** Whether prices and sold-out flags change while the crowd reads. */
  readonly changes: boolean;
  readonly expect: Expectation;
}

export interface Ladder {
  readonly name: 'cache' | 'strategy';
  readonly rungs: readonly Rung[];
}
