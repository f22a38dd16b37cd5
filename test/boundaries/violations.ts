import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { OPTIONS, RULES } from './rules.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['src', 'web', 'rehearsal', 'bench', 'faults', 'test'];

export interface Violation {
  readonly rule: string;
  readonly comment: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Compares the imports of a tree with the rules of `rules.ts`.
 * @returns how many modules of our own it read, and what breaks a rule
 * @param root the folder that holds `src`, `web` and the others
 */
export async function findViolations(root = ROOT): Promise<{ modules: number; violations: Violation[] }> {
  const { output } = await cruise(
    FOLDERS.filter((folder) => existsSync(join(root, folder))),
    {
      ...OPTIONS,
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: RULES.map((rule) => ({ ...rule, severity: 'error' as const })) },
      exclude: { path: '^test/boundaries/fixture/' },
    },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser gave a text in place of its findings.');
  const comments = new Map(RULES.map(({ name, comment }) => [name, comment]));
  return {
    modules: output.modules.filter(({ source }) => !source.includes('node_modules')).length,
    violations: output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      comment: comments.get(rule.name) ?? '',
      from,
      to,
    })),
  };
}
