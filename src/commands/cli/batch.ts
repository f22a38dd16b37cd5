import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { asUsage } from './values.ts';

/** What the clock starts. */
export function batchCommands(program: Command): void {
  const batch = program
    .command('batch')
    .description('what the clock starts: sales, closing of days, stock, partitions');
  batch
    .command('list')
    .description('the last runs, how long each took, why one failed, and what comes next')
    .option('--json', 'all that is known, as JSON')
    .action(async (options: { json?: boolean }) => {
      const { batchListCommand } = await import('../batch.ts');
      await batchListCommand(readConfig(), options);
    });
  batch
    .command('run')
    .description('run one now; it may be run as often as you like')
    .argument('<name>', 'as `batch list` shows it')
    .option('--from <day>', 'sales-rollup: make the books of these days anew, such as 2026-11-01')
    .option('--to <day>', 'the first day that is not among them')
    .action(async (name: string, options: { from?: string; to?: string }) => {
      const { batchRunCommand } = await import('../batch.ts');
      await batchRunCommand(readConfig(), name, options).catch(asUsage);
    });
}
