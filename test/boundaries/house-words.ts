import { glob, readFile } from 'node:fs/promises';

/** What the house once called things, and the field's words for them (ADR 64). A restaurant's own words are in CONTRIBUTING.md. */
const WORDS: Readonly<Record<string, string>> = {
  told: 'notified, reported or sent',
  untold: 'unreported',
  heard: 'invalidated or received',
  bell: 'signal',
  desk: 'cache, or what it offers',
  shelf: 'cache',
  guard: 'circuit breaker, or rules',
  gather: 'batch or aggregate',
  gatherer: 'batcher or aggregator',
  seldom: 'throttle',
  turns: 'semaphore',
};
const EXPORTED = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;
/** Verbs of the language, not the semaphore's old name. */
const ALLOWED = new Set(['createTurnMenus']);

/** The words of a file's path or of an exported name, in lower case. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** Old words in one file's path and exported names, each with the word that says it. */
export function houseWordsIn(path: string, text: string): string[] {
  const names = [path, ...[...text.matchAll(EXPORTED)].map((match) => match[1]!)].filter((name) => !ALLOWED.has(name));
  return names.flatMap((name) =>
    wordsOf(name)
      .filter((word) => Object.hasOwn(WORDS, word))
      .map((word) => `${path}: ${name} says ${word}; say ${WORDS[word]}`),
  );
}

/** All of them, on the doors of the repository: whoever knows queues and caches guesses what is behind. */
export async function findHouseWords(root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob('{src,rehearsal,bench,faults}/**/*.ts', { cwd: root })) {
    found.push(...houseWordsIn(path, await readFile(`${root}/${path}`, 'utf8')));
  }
  return found;
}
