import { createHash } from 'node:crypto';
import { codeOf } from '../../../platform/code-of.ts';
import { FILE_BOUNDS } from '../bounds.ts';
import { identityOf, type Kind, type MenuRow } from '../menu-file.ts';

/** A row's code and name, also of one that has left the menu: its code must not name another dish. */
export interface KnownCode {
  readonly kind: Kind;
  readonly code: string;
  readonly item: string | null;
  readonly group: string | null;
  readonly name_ko: string;
}

interface Made {
  readonly code: string;
  /** False: the store knows this name by this code. */
  readonly isNew: boolean;
}

/**
 * Gives codes to rows that have none. A name that the store knows there keeps its code, so that reading the same file again changes
 * nothing; a new name gets one that no other row has or had. Several rows of one name are told apart by their order.
 */
export class CodeMaker {
  /** Codes of the store by place and name, in the order of the menu; those that still stand on it first. */
  readonly #byName = new Map<string, string[]>();
  readonly #taken = new Set<string>();

  constructor(known: readonly KnownCode[], written: readonly Pick<MenuRow, 'kind' | 'item' | 'group' | 'code'>[]) {
    const own = new Set(written.map(identityOf));
    for (const row of known) {
      this.#taken.add(identityOf(row));
      // A code that the file gives to somebody itself is not given again.
      if (own.has(identityOf(row))) continue;
      const place = placeOf(row, row.name_ko);
      this.#byName.set(place, [...(this.#byName.get(place) ?? []), row.code]);
    }
    for (const identity of own) this.#taken.add(identity);
  }

  make(row: Pick<MenuRow, 'kind' | 'item' | 'group'>, name: { readonly ko: string; readonly en: string }): Made {
    const kept = this.#byName.get(placeOf(row, name.ko))?.shift();
    if (kept !== undefined) return { code: kept, isNew: false };
    // Room for the number that tells equal ones apart.
    const stem =
      codeOf(name.en || name.ko, FILE_BOUNDS.codeLengthMax - 5) ||
      codeOf(name.ko, FILE_BOUNDS.codeLengthMax) ||
      hashed(row.kind, name.ko);
    let code = stem;
    for (let number = 2; this.#taken.has(identityOf({ ...row, code })); number += 1) code = `${stem}-${number}`;
    this.#taken.add(identityOf({ ...row, code }));
    return { code, isNew: true };
  }
}

const placeOf = ({ kind, item, group }: Pick<MenuRow, 'kind' | 'item' | 'group'>, name: string): string =>
  `${kind}:${item ?? ''}/${group ?? ''}/${name}`;

/** For names in letters that have no reading here; the same for the same name. */
const hashed = (kind: Kind, name: string): string =>
  `${kind}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
