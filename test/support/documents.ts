import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const readDocument = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** What a document tells somebody to type. */
interface DocumentCommand {
  /** As it stands there. */
  readonly text: string;
  readonly tool: 'npm' | 'matjip';
  /** Behind `npm`, `npm run` or `matjip`; the first is the script or the subcommand. */
  readonly words: readonly string[];
}

/** Of blocks of code each line, and what stands in single backticks. */
export function codeOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block!.replaceAll('\\\n', ' ').split('\n'),
  );
  const spans = markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g);
  return [...blocks, ...[...spans].map(([, span]) => span!.replaceAll('\n', ' '))];
}

/** The commands of `npm` and of `matjip` in a document's code, without what follows a comment, a pipe or another command. */
export function commandsOf(markdown: string): DocumentCommand[] {
  return codeOf(markdown).flatMap((code) =>
    [...code.matchAll(/(?<![\w/.:@-])(npm (?:run )?|matjip )([a-z][^#|&;…`]*)/g)].map(([text, tool, rest]) => ({
      text,
      tool: tool!.startsWith('npm') ? ('npm' as const) : ('matjip' as const),
      words: rest!.trim().split(/\s+/),
    })),
  );
}

/** Links and pictures to files of this repository, as they are written. */
export const linksOf = (markdown: string): string[] =>
  [...markdown.matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)]
    .map(([, link, picture]) => (link ?? picture)!)
    .filter((target) => !/^(https?:|\/)/.test(target));

/** The anchor that the code's host gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** Whether a link of a document leads to a file, and to a heading in it where it names one. */
export function leadsSomewhere(file: string, link: string): boolean {
  const [path, anchor] = link.split('#');
  const target = path ? join(dirname(file), path) : file;
  if (!existsSync(join(ROOT, target))) return false;
  if (anchor === undefined) return true;
  const headings = [...readDocument(target).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
  return headings.includes(decodeURIComponent(anchor));
}

/** The names that `npm run bench -- NAME` takes; read and not asked for, since loading all benches takes seconds. */
export const benchNames = (): string[] =>
  [...readDocument('bench/index.ts').matchAll(/^ {2}'?([a-z][a-z-]*)'?: bench\w+,$/gm)].map(([, name]) => name!);

/** Where commands stand that read their own options. */
const OWN_OPTIONS: Readonly<Record<string, string>> = {
  rehearse: 'rehearsal/rehearse/options.ts',
  report: 'rehearsal/report/command.ts',
  plan: 'rehearsal/plan/command.ts',
};

/**
 * The commands of `matjip` by their words (`menu import`), each with the text in which its options stand. Read from the program's
 * source: asking it for the help of thirty commands would take half a minute of a busy machine.
 */
export function matjipCommands(): Map<string, string> {
  const source = globSync('src/commands/cli/*.ts', { cwd: ROOT }).sort().map(readDocument).join('\n');
  const starts = [...source.matchAll(/(\w+)\s*\.command\('([a-z-]+)'\)|withOwnOptions\(\s*program,\s*'([a-z]+)'/g)];
  // What several commands share stands before the first of them, in constants.
  const shared = [...source.matchAll(/^ *const (?:settings|inFolder) = [\s\S]*?;$/gm)].map(([text]) => text).join('\n');
  return new Map(
    starts.map(({ index, 1: owner, 2: name, 3: own }, at) => {
      if (own) return [own, readDocument(OWN_OPTIONS[own]!)];
      const words = owner === 'program' ? name! : `${owner} ${name}`;
      return [words, source.slice(index, starts[at + 1]?.index) + shared];
    }),
  );
}
