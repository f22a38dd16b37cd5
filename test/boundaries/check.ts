import { findViolations } from './violations.ts';

const { modules, violations } = await findViolations();
for (const { from, to, rule, comment } of violations) console.error(`${from} → ${to}\n  ${rule}: ${comment}`);
console.log(`${modules} modules, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
