import { FILE_BOUNDS } from './bounds.ts';
import type { Place } from './menu-file.ts';
import { placeWords } from './place.ts';
import type { Words } from './words.ts';

export interface MenuFileProblem {
  /** Where, as a person finds it: `row 17, column price`, `categories[0].items[3].price`, or `the file`. */
  readonly where: Words;
  /** What is wrong there, and what is allowed. */
  readonly what: Words;
}

/** Everything that is wrong with a menu file. Nothing was changed. */
export class MenuFileError extends Error {
  override readonly name = 'MenuFileError';
  /** The first ones in the file's order, at most `FILE_BOUNDS.problemsShownMax`. */
  readonly problems: readonly MenuFileProblem[];
  readonly all: readonly MenuFileProblem[];
  /** How many there are, shown or not. */
  readonly count: number;

  constructor(problems: readonly MenuFileProblem[]) {
    const shown = problems.slice(0, FILE_BOUNDS.problemsShownMax);
    const lines = shown.map(({ where, what }) => `  ${where.en}: ${what.en}`);
    if (problems.length > shown.length) lines.push(`  … and ${problems.length - shown.length} more`);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`The menu file has ${count}; nothing was changed.`, ...lines].join('\n'));
    this.problems = shown;
    this.all = problems;
    this.count = problems.length;
  }
}

/** Gathers problems, so that a person sees all of them at once. Bounded by the size of the file that has them. */
export class Problems {
  readonly #found: (MenuFileProblem & { readonly row: number })[] = [];

  add(place: Place, what: Words, column?: string): void {
    this.#found.push({ row: place.row, where: placeWords(place, column), what });
  }

  /** @throws MenuFileError when there is any, in the order of the file */
  throwAny(): void {
    if (this.#found.length === 0) return;
    const sorted = this.#found.toSorted((a, b) => a.row - b.row);
    throw new MenuFileError(sorted.map(({ where, what }) => ({ where, what })));
  }
}
