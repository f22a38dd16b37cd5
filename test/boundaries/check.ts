import { fileURLToPath } from 'node:url';
import { findUnlistedRoutes } from './unlisted-routes.ts';
import { findViolations } from './violations.ts';

const { modules, violations } = await findViolations();
for (const { from, to, rule, comment } of violations) console.error(`${from} → ${to}\n  ${rule}: ${comment}`);
const unlisted = await findUnlistedRoutes(fileURLToPath(new URL('../..', import.meta.url)));
for (const route of unlisted) {
  console.error(
    `${route}\n  unlisted-route: say in src/contract/permissions.ts who may ask it, or the server does not start.`,
  );
}
console.log(`${modules} modules, ${violations.length} violations, ${unlisted.length} unlisted routes`);
process.exitCode = violations.length + unlisted.length === 0 ? 0 : 1;
