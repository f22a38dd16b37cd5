import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type Config, readConfig } from './config.ts';

/** Exit codes of every command. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

const count =
  (max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > max) {
      throw new InvalidArgumentError(`A whole number from 1 to ${max.toLocaleString('en')} is needed.`);
    }
    return value;
  };

/** Runs a command that tells its own exit code. */
const exitWith = async (code: Promise<number>): Promise<void> => {
  process.exitCode = await code;
};

function program(config: () => Config): Command {
  const matjip = new Command('matjip')
    .description('Ordering for restaurants and franchises, built for the day the crowd comes.')
    .showHelpAfterError('(matjip --help tells more)')
    .exitOverride();

  const command = (nameAndArgs: string, description: string) =>
    matjip.command(nameAndArgs).description(description).exitOverride();

  command('serve', 'Serve the API and the pages until stopped; without DATABASE_URL it brings its own Postgres')
    .option('--demo', 'import the demo franchise when there is none', false)
    .action(async (options: { demo: boolean }) => (await import('./serve.ts')).serve(config(), options));

  command('migrate', 'Bring the database up to date').action(async () => {
    const { withDatabase } = await import('./platform/db/with-database.ts');
    await withDatabase(config(), async () => console.log('The database is up to date.'), console.log);
  });

  command('seed', 'Import the demo franchise, or make a franchise of any size')
    .option('--stores <n>', 'stores', count(10_000))
    .option('--items <n>', 'dishes of each store', count(2_000))
    .option('--orders <n>', 'past orders', count(100_000_000))
    .option('--seed <n>', 'the same number makes the same franchise again', count(2 ** 31))
    .action(async (options) => (await import('./seed/seed.ts')).seedCommand(config(), options));

  const menu = command('menu', 'Read a store’s menu from a file, or write it to one');
  menu
    .command('import <file>')
    .description('Import a menu from a .csv or .json file; a file with a mistake changes nothing')
    .requiredOption('--store <slug>', 'the store')
    .option('--partial', 'change only the dishes and columns that the file names', false)
    .exitOverride()
    .action(async (file: string, options: { store: string; partial: boolean }) =>
      (await import('./menu/file/commands.ts')).importMenuCommand(config(), file, options),
    );
  menu
    .command('export <file>')
    .description('Write a store’s menu to a .csv or .json file')
    .requiredOption('--store <slug>', 'the store')
    .exitOverride()
    .action(async (file: string, options: { store: string }) =>
      (await import('./menu/file/commands.ts')).exportMenuCommand(config(), file, options),
    );

  // These read their own arguments, because they also stand alone.
  const passed = (name: string, description: string, run: (args: string[]) => Promise<number>) =>
    command(`${name} [args...]`, description)
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .action((args: string[]) => exitWith(run(args)));
  matjip.enablePositionalOptions();
  passed('rehearse', 'Send the same crowd at each rung of the ladder and report (--help tells more)', async (args) =>
    (await import('../rehearsal/rehearse/command.ts')).rehearseCommand(args),
  );
  passed('report', 'Make one page of Artillery results (--help tells more)', async (args) =>
    (await import('../rehearsal/report/command.ts')).reportCommand(args),
  );
  command('bench [names...]', 'Print ratios against baselines measured in the same run').action((names: string[]) =>
    exitWith(import('../bench/index.ts').then(({ benchCommand }) => benchCommand(names))),
  );
  return matjip;
}

/** What a person needs to read: one line; the whole stack only for those who asked for it. */
function report(error: unknown): void {
  const wanted = process.env.LOG_LEVEL === 'debug';
  console.error(`matjip: ${error instanceof Error ? (wanted && error.stack) || error.message : String(error)}`);
}

try {
  await program(() => readConfig(process.env)).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    report(error);
    process.exitCode = EXIT.failed;
  }
}
