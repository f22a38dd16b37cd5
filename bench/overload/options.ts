/** What a person may ask of the overload benches beside their names. */
export interface OverloadOptions {
  /** Requests a second; given: the knee is not looked for. */
  readonly knee?: number;
  /** Loads in multiples of the knee; half of it comes once more at the end, to see that all is well again. */
  readonly multiples?: readonly number[];
  /** Of each load. */
  readonly seconds?: number;
  readonly phones?: number;
  /** Everything measured is written to this file as JSON, after each load. */
  readonly out?: string;
}
