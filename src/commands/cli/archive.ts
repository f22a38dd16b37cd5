import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { asUsage } from './values.ts';

/** Months that leave the database, and come back. */
export function archiveCommands(program: Command): void {
  const archive = program
    .command('archive')
    .description("finished months' orders as compressed, checksummed CSV files");
  const inFolder = ['--folder <path>', 'where the months are; archive/ in MATJIP_HOME unless said'] as const;
  archive
    .command('list')
    .description('which months are here, can be archived, or are archived')
    .option(...inFolder)
    .option('--json', 'the same as JSON')
    .action(async (options: { folder?: string; json?: boolean }) => {
      const { archiveListCommand } = await import('../archive.ts');
      await archiveListCommand(readConfig(), options);
    });
  archive
    .command('write')
    .description('write months to files and take them out of the database; may be killed and run again')
    .argument('[month]', 'the last one, such as 2025-01, the oldest first; all but two years unless said')
    .option(...inFolder)
    .action(async (month: string | undefined, options: { folder?: string }) => {
      const { archiveWriteCommand } = await import('../archive.ts');
      await archiveWriteCommand(readConfig(), month, options).catch(asUsage);
    });
  archive
    .command('read')
    .description("write one table's rows of a month to the standard output, as CSV")
    .argument('<month>', 'such as 2025-01')
    .argument('<table>', 'such as orders or order_line')
    .option(...inFolder)
    .action(async (month: string, table: string, options: { folder?: string }) => {
      const { archiveReadCommand } = await import('../archive.ts');
      await archiveReadCommand(readConfig(), month, table, options).catch(asUsage);
    });
  archive
    .command('restore')
    .description('bring an archived month back and prove that each row is what it was')
    .argument('<month>', 'such as 2025-01')
    .option(...inFolder)
    .action(async (month: string, options: { folder?: string }) => {
      const { archiveRestoreCommand } = await import('../archive.ts');
      await archiveRestoreCommand(readConfig(), month, options).catch(asUsage);
    });
  archive
    .command('verify')
    .description('read files again and compare all checksums')
    .argument('[months...]', 'which; all in the folder unless said')
    .option(...inFolder)
    .action(async (months: string[], options: { folder?: string }) => {
      const { archiveVerifyCommand } = await import('../archive.ts');
      await archiveVerifyCommand(readConfig(), months, options).catch(asUsage);
    });
}
