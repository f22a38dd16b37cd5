import { signal } from '@preact/signals';
import type { MenuFilePreview } from '../../src/contract/menu-file.ts';
import { say } from '../shared/parts/notice.tsx';
import { ApiProblem } from '../shared/server/problem.ts';
import { previewFile, putFile } from './menu-api.ts';
import { fail, load } from './menu-state.ts';
import { w } from './words.ts';

export interface FileProblem {
  readonly where: { readonly ko: string; readonly en: string };
  readonly what: { readonly ko: string; readonly en: string };
}

/** A file on its way into the menu. */
export interface Importing {
  readonly file: File;
  readonly partial: boolean;
  /** null while it is compared. */
  readonly preview: MenuFilePreview | null;
  readonly problems: readonly FileProblem[];
  /** How many there are, shown or not. */
  readonly problemCount: number;
  /** Somebody changed the menu between the look and the yes. */
  readonly isAgain: boolean;
}

export const importing = signal<Importing | null>(null);

/** Compares a file with the menu. Nothing changes. */
export async function look(file: File, partial: boolean, isAgain = false): Promise<void> {
  const start: Importing = { file, partial, preview: null, problems: [], problemCount: 0, isAgain };
  importing.value = start;
  try {
    const preview = await previewFile(file, partial);
    // A file that was chosen meanwhile has taken this one's place.
    if (importing.value === start) importing.value = { ...start, preview };
  } catch (error) {
    if (importing.value !== start) return;
    const problems = problemsOf(error);
    importing.value = problems ? { ...start, ...problems } : null;
    if (!problems) fail(error);
  }
}

/** Makes the menu what the file says, if it is still the one that was looked at; otherwise looks again. */
export async function apply(): Promise<void> {
  const now = importing.value;
  if (!now?.preview) return;
  const { file, partial, preview } = now;
  try {
    await putFile(file, preview.version, preview.counts.removed, partial);
    importing.value = null;
    say(w('applied'));
    await load();
  } catch (error) {
    if (error instanceof ApiProblem && error.type === 'stale') await look(file, partial, true);
    else fail(error);
  }
}

function problemsOf(error: unknown): Pick<Importing, 'problems' | 'problemCount'> | undefined {
  if (!(error instanceof ApiProblem) || (error.type !== 'invalid' && error.type !== 'too-large')) return undefined;
  const {
    problems,
    problemCount,
    fields = [],
  } = error.body as {
    problems?: FileProblem[];
    problemCount?: number;
    fields?: { field: string; problem: string; allowed?: string }[];
  };
  if (problems) return { problems, problemCount: problemCount ?? problems.length };
  const same = (text: string) => ({ ko: text, en: text });
  return {
    problems: fields.map(({ field, problem, allowed }) => ({
      where: same(field),
      what: same(allowed === undefined ? problem : `${problem}; ${allowed}`),
    })),
    problemCount: fields.length,
  };
}
