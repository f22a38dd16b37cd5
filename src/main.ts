import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { archiveCommands } from './commands/cli/archive.ts';
import { batchCommands } from './commands/cli/batch.ts';
import { databaseCommands } from './commands/cli/database.ts';
import { measureCommands } from './commands/cli/measure.ts';
import { menuCommands } from './commands/cli/menu.ts';
import { processCommands } from './commands/cli/processes.ts';
import { shardCommands } from './commands/cli/shard.ts';
import { storeCommands } from './commands/cli/store.ts';
import { explain } from './commands/explain-error.ts';
import { matjipVersion } from './platform/version.ts';

const OK = 0;
const FAILED = 1;
const USAGE = 2;

const program = new Command('matjip')
  .description('Ordering for restaurants and franchises, built for the day the crowd comes.')
  .version(matjipVersion(), '--version', 'which release this is')
  .exitOverride()
  .showHelpAfterError('(--help shows what is possible)');

// Each command imports its implementation when it runs, so that --help and a wrong option answer at once.
processCommands(program);
databaseCommands(program);
storeCommands(program);
menuCommands(program);
batchCommands(program);
archiveCommands(program);
shardCommands(program);
measureCommands(program);

/** Usage errors were already shown by commander, in its own words. */
function exitCodeOf(error: unknown): number {
  if (error instanceof InvalidArgumentError) {
    process.stderr.write(`${error.message}\n`);
    return USAGE;
  }
  if (error instanceof CommanderError) return error.exitCode === OK ? OK : USAGE;
  process.stderr.write(`${explain(error)}\n`);
  return FAILED;
}

try {
  await program.parseAsync();
} catch (error) {
  // At once: what was half started when the error came must not keep the process alive.
  process.exit(exitCodeOf(error));
}
