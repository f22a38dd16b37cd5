import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findForeignTables, findUnownedTables } from './foreign-tables.ts';
import { findHouseWords } from './house-words.ts';
import { findUnlistedDecisions } from './unlisted-decisions.ts';
import { findUnlistedRoutes } from './unlisted-routes.ts';
import { findViolations } from './violations.ts';

const { modules, violations } = await findViolations();
for (const { from, to, rule, comment } of violations) console.error(`${from} → ${to}\n  ${rule}: ${comment}`);
const root = fileURLToPath(new URL('../..', import.meta.url));
// A parser that sees no module finds no violation either.
const files = globSync('{src,web,rehearsal,bench,faults}/**/*.{ts,tsx}', { cwd: root }).length;
const unread = modules < files ? [`${files} files, but only ${modules} modules were read.`] : [];
for (const line of unread) console.error(line);
const unlisted = await findUnlistedRoutes(root);
for (const route of unlisted) {
  console.error(
    `${route}\n  unlisted-route: say in src/contract/permissions.ts who may ask it, or the server does not start.`,
  );
}
const { uses, unused } = await findForeignTables(root);
for (const { file, room, table, writes } of uses) {
  console.error(
    `${file}: ${writes ? 'writes' : 'reads'} ${table}\n  foreign-table: it is not ${room}'s. Go through its owner's door, or give the reason in test/boundaries/tables.ts.`,
  );
}
for (const { room, tables } of unused)
  console.error(`${room} no longer names ${tables.join(', ')}\n  delete the reason.`);
const unowned = await findUnownedTables(root);
for (const table of unowned) console.error(`${table}\n  unowned-table: test/boundaries/tables.ts says whose each is.`);
const words = await findHouseWords(root);
for (const word of words) console.error(`${word}\n  house-word: the field has a word for it.`);
const decisions = findUnlistedDecisions(root);
for (const file of decisions)
  console.error(`docs/adr/${file}\n  unlisted-decision: it needs its one line in docs/adr/README.md.`);
const found = [unread, violations, unlisted, uses, unused, unowned, words, decisions];
console.log(
  `${modules} modules, ${violations.length} violations, ${unlisted.length} unlisted routes, ${uses.length} foreign tables`,
);
process.exitCode = found.every((each) => each.length === 0) ? 0 : 1;
