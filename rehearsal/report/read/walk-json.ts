/**
 * Walks JSON of any size in bounded memory: every scalar is reported with the path to it, nothing is kept. Results of long tests, or
 * of tests with an endpoint for every URL, reach hundreds of megabytes. Several values one after another (JSON lines) are walked in turn.
 */
import { none } from 'stream-chain/core';
import { jsonParser } from 'stream-json/core/parser.js';
import { cutMiddle } from './names.ts';
import { readText } from './read-text.ts';
import { ioReason, Unreadable } from './unreadable.ts';

export type Scalar = string | number | boolean | null;

export interface Visitor {
  /** A number, string, boolean or null. The path is reused between calls: copy what must be kept. */
  scalar(path: readonly string[], value: Scalar): void;
  /** The object or array at this path has ended; an empty path is the end of a whole value. */
  close(path: readonly string[]): void;
}

/** Longer strings are cut here: error texts come from outside, a whole answer body may be among them. */
const TEXT_LENGTH_MAX = 300;
/** Keys are matched by their beginning and their end (`… .codes.200` after a URL), so they are kept far longer, and lose their middle. */
const KEY_LENGTH_MAX = 8_192;
/** Results are at most six levels deep; a file that nests further is something else. */
const DEPTH_MAX = 64;

/** Throws {@link Unreadable} for a file that is missing, empty, cut off or no JSON. */
export async function walkJson(file: string, visitor: Visitor): Promise<void> {
  const parse = jsonParser({
    packKeys: false,
    packStrings: false,
    packNumbers: true,
    streamNumbers: false,
    jsonStreaming: true,
  });
  const walker = new Walker(file, visitor);
  let bytes = 0;
  let isBlank = true;
  let isAtEnd = false;
  try {
    for await (const text of readText(file)) {
      bytes += Buffer.byteLength(text);
      if (isBlank && text.trim() !== '') isBlank = false;
      feed(walker, parse(text));
    }
    isAtEnd = true;
    if (!isBlank) feed(walker, (parse as unknown as (end: typeof none) => unknown)(none));
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    if ((error as NodeJS.ErrnoException).syscall !== undefined || isDamaged(error))
      throw new Unreadable(file, ioReason(error));
    throw new Unreadable(file, isBlank ? 'is empty' : brokenReason(walker, bytes, isAtEnd));
  }
  if (isBlank) throw new Unreadable(file, 'is empty');
  if (!walker.isComplete) throw new Unreadable(file, cutOff(bytes));
}

/** What unpacking says of a gzip file that was cut off or altered. */
const isDamaged = (error: unknown): boolean => String((error as NodeJS.ErrnoException).code).startsWith('Z_');

function brokenReason(walker: Walker, bytes: number, isAtEnd: boolean): string {
  if (isAtEnd && walker.hasBegun) return cutOff(bytes);
  return walker.hasBegun ? `is not JSON: it breaks off near byte ${bytes.toLocaleString('en')}` : 'is not JSON';
}

const cutOff = (bytes: number): string =>
  `ends in the middle after ${bytes.toLocaleString('en')} bytes: the test was killed, or the copy is incomplete`;

interface Token {
  name: string;
  value?: unknown;
}

function feed(walker: Walker, result: unknown): void {
  const tokens = (result as { values?: Token[] } | undefined)?.values;
  if (tokens) for (const token of tokens) walker.take(token);
}

/** Follows the tokens and keeps the path: one key or index for each open object or array. */
class Walker {
  readonly #file: string;
  readonly #visitor: Visitor;
  readonly #path: string[] = [];
  /** For each open container: its next index, or -1 for an object. */
  readonly #open: number[] = [];
  #text = '';
  hasBegun = false;

  constructor(file: string, visitor: Visitor) {
    this.#file = file;
    this.#visitor = visitor;
  }

  get isComplete(): boolean {
    return this.hasBegun && this.#open.length === 0;
  }

  take(token: Token): void {
    switch (token.name) {
      case 'startObject':
      case 'startArray':
        this.#begin(token.name === 'startArray');
        break;
      case 'endObject':
      case 'endArray':
        this.#end();
        break;
      case 'startKey':
      case 'startString':
        this.#text = '';
        break;
      case 'stringChunk':
        this.#text = cutMiddle(this.#text + String(token.value), KEY_LENGTH_MAX);
        break;
      case 'endKey':
        this.#path[this.#open.length - 1] = this.#text;
        break;
      case 'endString':
        this.#scalar(this.#text.slice(0, TEXT_LENGTH_MAX));
        break;
      case 'numberValue':
        this.#scalar(Number(token.value));
        break;
      default:
        this.#scalar(token.value as Scalar);
    }
  }

  #begin(isArray: boolean): void {
    this.hasBegun = true;
    if (this.#open.length >= DEPTH_MAX) throw new Unreadable(this.#file, 'is JSON, but nested too deep to be a result');
    this.#open.push(isArray ? 0 : -1);
    if (isArray) this.#path[this.#open.length - 1] = '0';
  }

  #end(): void {
    this.#open.pop();
    this.#path.length = this.#open.length;
    this.#visitor.close(this.#path);
    this.#next();
  }

  #scalar(value: Scalar): void {
    this.hasBegun = true;
    this.#visitor.scalar(this.#path, value);
    this.#next();
  }

  /** In an array the path moves on to the next index. */
  #next(): void {
    const last = this.#open.length - 1;
    const index = this.#open[last];
    if (index === undefined || index < 0) return;
    this.#open[last] = index + 1;
    this.#path[last] = String(index + 1);
  }
}
