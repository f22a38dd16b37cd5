import { hash } from 'node:crypto';
import {
  type Encoding,
  HOLE_END,
  makePatchable,
  PATCHABLE_FORMATS,
  type PatchableBytes,
} from './patchable-encoding.ts';
import { ReadyBody } from './ready-body.ts';

/**
 * A body that mostly stays and in some places changes often. What stays is compressed and hashed once; filling the
 * places in costs a copy, in every encoding. A place has a fixed width and is filled up with spaces, so they must lie
 * where spaces mean nothing, as between the tokens of JSON and the elements of a row in HTML.
 */
export class BodyTemplate {
  readonly #type: string;
  readonly #fixed: readonly Buffer[];
  readonly #widths: readonly number[];
  readonly #digest: string;
  readonly #patchable: { [encoding in Encoding]?: PatchableBytes | undefined | Promise<PatchableBytes | undefined> } =
    {};

  /**
   * @param fixed what stands before, between and after the places: one more than places
   * @param widths bytes of each place at most
   */
  constructor(type: string, fixed: readonly string[], widths: readonly number[]) {
    this.#type = type;
    this.#fixed = fixed.map((text) => Buffer.from(text));
    this.#widths = widths.map((width) => width + HOLE_END.length);
    this.#digest = widths.length === 0 ? '' : hash('sha256', Buffer.concat(this.#fixed), 'base64url');
  }

  /** @param values one for each place. @throws RangeError for one that is wider than its place */
  fill(values: readonly string[]): ReadyBody {
    if (this.#widths.length === 0) return new ReadyBody(this.#type, this.#fixed[0]!);
    const holes = this.#widths.map((width, index) => {
      const value = values[index] ?? '';
      if (Buffer.byteLength(value) > width - HOLE_END.length)
        throw new RangeError(`'${value}' is wider than its place.`);
      const hole = Buffer.alloc(width, ' ');
      hole.write(value);
      return hole;
    });
    const identity = Buffer.concat(
      this.#fixed.flatMap((piece, at) => (at < holes.length ? [piece, holes[at]!] : [piece])),
    );
    return new ReadyBody(this.#type, identity, {
      content: `${this.#digest} ${values.join()}`,
      encode: (encoding) => {
        const patchable = this.#patchableIn(encoding);
        if (!(patchable instanceof Promise)) return patchable?.fill(holes, identity);
        return patchable.then((made) => made?.fill(holes, identity));
      },
    });
  }

  /** A promise only for those who ask before it is made; undefined where it cannot be. */
  #patchableIn(encoding: Encoding): PatchableBytes | undefined | Promise<PatchableBytes | undefined> {
    if (encoding in this.#patchable) return this.#patchable[encoding];
    const making = makePatchable(PATCHABLE_FORMATS[encoding], this.#fixed, this.#widths).then((made) => {
      this.#patchable[encoding] = made;
      return made;
    });
    this.#patchable[encoding] = making;
    return making;
  }
}
