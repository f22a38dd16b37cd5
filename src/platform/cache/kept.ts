/**
 * A bounded map that drops what was put least recently. What is read is put again at every refresh, so this drops what
 * nobody reads, without any work on the reading side.
 */
export class Kept<T> {
  readonly #entries = new Map<string, T>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  put(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#max) this.#entries.delete(this.#entries.keys().next().value!);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  values(): IterableIterator<T> {
    return this.#entries.values();
  }
}
