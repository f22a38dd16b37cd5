import { type Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../../config.ts';
import { wholeNumber } from './values.ts';

/** The database: its schema, a look inside, and data to begin with. */
export function databaseCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date')
    .action(async () => {
      const { migrateCommand } = await import('../../platform/db/commands/migrate-command.ts');
      await migrateCommand(readConfig());
    });

  const db = program.command('db').description('look into the database, or begin it afresh');
  db.command('shell')
    .description('type SQL, beside a server that runs: in psql where it is installed, otherwise at a prompt of our own')
    .option('-c, --command <sql>', 'answer this and end')
    .action(async (options: { command?: string }) => {
      const { shellCommand } = await import('../../platform/db/commands/shell-command.ts');
      await shellCommand(readConfig(), options);
    });
  db.command('reset')
    .description('empty the database, orders and all, and bring it up to date; refused while a server uses it')
    .option('--demo', 'make the demo stores')
    .option('--yes', 'also where DATABASE_URL names another database than the embedded one')
    .action(async ({ demo, yes = false }: { demo?: boolean; yes?: boolean }) => {
      const { resetCommand } = await import('../../platform/db/commands/reset-command.ts');
      const fill = demo ? (await import('../../seed/demo.ts')).importDemo : undefined;
      await resetCommand(readConfig(), { yes, ...(fill && { fill: async (on) => void (await fill(on)) }) });
    });

  program
    .command('seed')
    .description('make the demo stores, or with any of the sizes a brand of that size')
    .option('--stores <n>', 'stores', wholeNumber)
    .option('--items <n>', 'dishes of each store', wholeNumber)
    .option('--orders <n>', 'orders over all stores', wholeNumber)
    .option('--seed <n>', 'the same seed makes the same data', wholeNumber)
    .action(async (sizes: { stores?: number; items?: number; orders?: number; seed?: number }) => {
      const { SeedSizeError, seedCommand } = await import('../../seed/seed.ts');
      await seedCommand(readConfig(), sizes).catch((error) => {
        if (error instanceof SeedSizeError) throw new InvalidArgumentError(error.message);
        throw error;
      });
    });
}
