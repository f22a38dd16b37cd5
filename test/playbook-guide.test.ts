import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { draw, PICTURES, pictureFile } from '../scripts/guide-pictures.ts';
import { readConfig } from '../src/config.ts';
import { benchNames, codeOf, commandsOf, linksOf, ROOT, readDocument } from './support/documents.ts';

const ENGLISH = readDocument('docs/guide/README.md');
const KOREAN = readDocument('docs/guide/README.ko.md');

/** What the playbook teaches: each has a row. */
const POINTS = [
  'load test',
  'four answers',
  'cache',
  'where to cache',
  'event driven',
  'Redis',
  'Redis or Memcached',
  'scheduled batch',
  'database',
  'splitting data',
  'ids',
  'interview',
  'conclusion',
];

interface Section {
  readonly title: string;
  readonly text: string;
}

const sectionsOf = (markdown: string, heading: RegExp): Section[] =>
  markdown
    .split(/^(?=##? )/m)
    .filter((text) => heading.test(text))
    .map((text) => ({ title: text.split('\n')[0]!, text }));

/** The rows of the table of all points: of each its five cells. */
const rowsOf = (markdown: string): string[][] =>
  markdown
    .slice(markdown.lastIndexOf('\n# '))
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const typedIn = (text: string): string[] =>
  commandsOf(text)
    .map((command) => command.text.trim())
    .sort();

/** What both languages share: what is typed, and where links lead. */
const sharedBy = (text: string): object => ({
  typed: typedIn(text),
  links: [...new Set(linksOf(text).map((link) => link.replace(/\.ko(?=\.)/, '').replace(/#.*/, '')))].sort(),
});

test('each chapter has its command, what it bought and cost, and what went wrong, the same in both languages', () => {
  const english = sectionsOf(ENGLISH, /^## \d+\. /);
  const korean = sectionsOf(KOREAN, /^## \d+\. /);
  assert.ok(english.length >= 15, String(english.length));
  assert.equal(korean.length, english.length);
  for (const [index, { title, text }] of english.entries()) {
    const other = korean[index]!;
    assert.ok(title.startsWith(`## ${index + 1}. `), title);
    assert.ok(other.title.startsWith(`## ${index + 1}. `), other.title);
    for (const label of ['Command.', 'Bought.', 'Cost.', 'Went wrong.', 'More.']) {
      assert.equal(text.split(`**${label}**`).length, 2, `${title}: ${label}`);
    }
    for (const label of ['명령.', '얻은 것.', '치른 값.', '틀린 것.', '더 읽기.']) {
      assert.equal(other.text.split(`**${label}**`).length, 2, `${other.title}: ${label}`);
    }
    assert.ok(commandsOf(text).length > 0, title);
    assert.match(text, /^!\[/m, `${title}: a picture`);
    assert.deepEqual(sharedBy(other.text), sharedBy(text), title);
  }
});

test('the drawn pictures are what their script draws, and their numbers stand in the chapter that shows them', () => {
  const chapters = { en: sectionsOf(ENGLISH, /^## \d+\. /), ko: sectionsOf(KOREAN, /^## \d+\. /) };
  for (const picture of PICTURES) {
    for (const language of ['en', 'ko'] as const) {
      const file = pictureFile(picture, language);
      assert.equal(readDocument(file), draw(picture, language), `${file}: node scripts/guide-pictures.ts draws it`);
      const chapter = chapters[language].find(({ text }) => text.includes(`(${file.replace('docs/guide/', '')})`));
      assert.ok(chapter, file);
      const [, , written] = picture.bars.at(-1)!;
      const number = /[\d.,]+/.exec(typeof written === 'string' ? written : written[language])![0];
      if (number !== '0') assert.ok(chapter.text.includes(number), `${chapter.title}: ${number}`);
    }
  }
});

test('each page of the guide is there in both languages, each leads to the other, and the Korean one has nothing typed that is old', () => {
  const english = globSync('docs/guide/*.md', { cwd: ROOT }).filter((file) => !file.endsWith('.ko.md'));
  assert.ok(english.length >= 18, english.join());
  for (const file of english) {
    const [page, other] = [readDocument(file), readDocument(file.replace(/md$/, 'ko.md'))];
    const name = file.replace(/.*\/|\.md$/g, '');
    assert.ok(page.includes(`[한국어](${name}.ko.md)`), file);
    assert.ok(other.includes(`[English](${name}.md)`), file);
    // The events' own page is made from the code and tells what each carries; the Korean one leads through it.
    if (name === 'events') continue;
    const keys = (text: string) => commandsOf(text).map(({ tool, words }) => `${tool} ${words[0]}`);
    const known = new Set(keys(page));
    assert.deepEqual(
      keys(other).filter((key) => !known.has(key)),
      [],
      file,
    );
  }
});

test('each point of the playbook has code, a switch, a measurement and a page, and all of them exist', () => {
  const rows = rowsOf(ENGLISH);
  assert.deepEqual(
    rows.map(([point]) => point),
    POINTS,
  );
  const benches = benchNames();
  for (const row of rows) {
    const [point, code, switches, measured, page] = row as [string, string, string, string, string];
    assert.equal(row.length, 5, point);
    for (const cell of row) assert.match(cell, /\w{2}/, `${point} has an empty cell`);
    const paths = codeOf(code);
    assert.ok(paths.length > 0, point);
    for (const path of paths) assert.ok(existsSync(join(ROOT, path)), `${point}: ${path}`);
    assertSwitches(point, switches);
    const typed = commandsOf(measured);
    assert.ok(typed.length > 0, point);
    for (const { text, words } of typed) {
      const names = words[0] === 'bench' ? words.slice(2) : [];
      assert.ok(
        names.every((name) => benches.includes(name)),
        `${point}: ${text}`,
      );
      // As it would be typed: without these the two only say what they need.
      if (words[0] === 'plan') assert.ok(words.includes('--peak'), `${point}: ${text}`);
      if (words[0] === 'report') assert.match(text, /report artillery\/\S+/, `${point}: ${text}`);
    }
    assert.ok(linksOf(page).length > 0, point);
  }
});

test('the Korean table names the same places as the English one', () => {
  const [english, korean] = [rowsOf(ENGLISH), rowsOf(KOREAN)];
  assert.equal(korean.length, english.length);
  for (const [index, row] of english.entries()) {
    for (const [column, cell] of row.entries()) {
      const other = korean[index]![column]!;
      assert.notEqual(other, '', row[0]);
      assert.deepEqual(codeOf(other), codeOf(cell), row[0]);
      assert.deepEqual(sharedBy(other), sharedBy(cell), row[0]);
    }
  }
});

/** A cell names switches that the configuration reads, with values that it takes, or says why there is none. */
function assertSwitches(point: string, cell: string): void {
  const switches = codeOf(cell);
  if (switches.length === 0) assert.match(cell, /^none: .{10}/, point);
  const config = readDocument('src/config.ts');
  for (const text of switches) {
    const [name, value] = text.split('=') as [string, string | undefined];
    assert.match(config, new RegExp(`read\\('${name}',`), `${point}: ${text}`);
    if (value === undefined) continue;
    assert.doesNotThrow(() => readConfig({ REDIS_URL: 'redis://127.0.0.1', [name]: value }), `${point}: ${text}`);
    assert.throws(() => readConfig({ [name]: 'no-such-value' }), `${point}: ${name} takes anything`);
  }
}

test('each thing to be told in an interview has its why, tried, result, learned and regret, in both languages', () => {
  const english = sectionsOf(readDocument('docs/guide/interview.md'), /^## /);
  const korean = sectionsOf(readDocument('docs/guide/interview.ko.md'), /^## /);
  assert.ok(english.length >= 10);
  assert.equal(korean.length, english.length);
  for (const [index, { title, text }] of english.entries()) {
    const labels = (from: string): string[] => [...from.matchAll(/^- \*\*(.+?)\.\*\*/gm)].map(([, label]) => label!);
    assert.deepEqual(labels(text), ['Why', 'Tried', 'Result', 'Learned', 'Regret'], title);
    assert.deepEqual(labels(korean[index]!.text), ['왜', '해 본 것', '결과', '배운 것', '아쉬운 것'], title);
    assert.deepEqual(sharedBy(korean[index]!.text), sharedBy(text), title);
  }
});

/** The choices that somebody will be asked about, and the record that answers. */
const CHOICES: Readonly<Record<string, string>> = {
  'Postgres and not a document store': '0067',
  'grouped intake': '0004',
  'overload control': '0021',
  'a cache in two tiers': '0007',
  'five ways to refresh': '0068',
  'Redis and Memcached': '0008',
  'structures of Redis': '0069',
  'jobs in Postgres': '0047',
  'a scheduled batch': '0027',
  UUIDv7: '0003',
  'parts by month and by column': '0031',
  'stores as shards': '0035',
  'servers without state': '0048',
  'up before out': '0049',
  'Node and Fastify': '0050',
  Artillery: '0051',
  'what money buys': '0052',
  'a virtual line': '0025',
  'a crowd and its neighbours': '0055',
  'a flood at one store': '0089',
  'what an event costs': '0092',
  'an edge that is full': '0100',
};

/** How records of several years begin what an interviewer asks. */
const ANSWERS: Readonly<Record<string, RegExp>> = {
  why: /^\*\*(Why|Context)\b/m,
  tried: /^\*\*(Tried|Options|What (was tried|there is))\b/m,
  result: /^\*\*(Result|Measured|What were the results)\b/m,
  learned: /^\*\*(Learned|What was learned)\b/m,
  regret: /^\*\*(Regret|What was regretted)\b/m,
  'measure again': /^\*\*Measure again\b/m,
  'what would prove it wrong': /^\*\*What would prove it wrong\b/m,
};

/** Behind the names of benches come options. */
const endOfNames = (words: readonly string[]): number | undefined => {
  const at = words.findIndex((word) => word.startsWith('-') && word !== '--');
  return at < 0 ? undefined : at;
};

/** Reasons that end a good talk: productive how, and for whom? */
const NO_REASON = /\b(convenient|convenience|popular|state of the art|best practice|everybody uses|just works)\b/i;

test('each big choice has a record that tells why, tried, result, learned and regret, and by what its numbers are measured again', () => {
  const benches = benchNames();
  const records = globSync('docs/adr/*.md', { cwd: ROOT });
  for (const [choice, number] of Object.entries(CHOICES)) {
    const file = records.find((each) => each.includes(`/${number}-`));
    assert.ok(file, `${choice}: there is no record ${number}`);
    const text = readDocument(file);
    for (const [answer, heading] of Object.entries(ANSWERS))
      assert.match(text, heading, `${file} (${choice}): ${answer}`);
    assert.doesNotMatch(text, NO_REASON, file);
    const again = commandsOf(text.slice(text.indexOf('**Measure again')));
    assert.ok(again.length > 0, file);
    for (const { words } of again) {
      if (words[0] === 'bench')
        for (const name of words.slice(2, endOfNames(words))) assert.ok(benches.includes(name), `${file}: ${name}`);
    }
    // A result is a number, and a number has something beside it.
    assert.match(text, /\d+(\.\d+)? ?(ms|µs|s|%|\/s|×|MiB)|× ?\d|\d,\d{3}|₩/, file);
  }
  // Whatever else calls itself an interview is one.
  for (const file of records.filter((each) => /: an interview$/m.test(readDocument(each)))) {
    assert.ok(
      Object.values(CHOICES).some((number) => file.includes(`/${number}-`)),
      `${file} is told in an interview and answers none of the choices`,
    );
  }
});
