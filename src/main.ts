import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { BenchOptions } from '../bench/options.ts';
import type { FaultsOptions } from '../faults/index.ts';
import { explain } from './commands/explain-error.ts';
import type { StoreAddOptions, StoreOptions } from './commands/store.ts';
import { readConfig } from './config.ts';
import type { NodeAddress } from './platform/db/citus/nodes.ts';
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

program
  .command('serve')
  .description('serve the pages and the API until Ctrl-C')
  .option('--demo', 'make the demo stores if there are no stores yet')
  .action(async ({ demo = false }: { demo?: boolean }) => {
    const { serve } = await import('./serve.ts');
    await serve(readConfig(), { demo });
  });

program
  .command('work')
  .description('work the jobs off in a process of their own, until Ctrl-C; needs DATABASE_URL')
  .action(async () => {
    const { work } = await import('./work.ts');
    await work(readConfig());
  });

program
  .command('print-agent')
  .description("print a station's slips as ESC/POS, until Ctrl-C")
  .requiredOption('--server <url>', 'where Matjip is, such as http://192.168.0.10:3000', httpAddress)
  .requiredOption('--store <slug>', 'which store')
  .requiredOption('--station <name>', 'which station, such as grill')
  .option(
    '--key-file <file>',
    "holds the station's key (a device's, or the store's kitchen key); - reads it from the standard input",
  )
  .option(
    '--key <key>',
    'the key itself, which anybody on this machine reads in the list of processes; rather PRINT_KEY or --key-file',
  )
  .requiredOption('--to <printer>', 'tcp://host:9100, a device such as /dev/usb/lp0, or a file')
  .option('--columns <n>', 'characters a line: 48 on 80 mm paper, 32 on 58 mm', paperColumns, 48)
  .option('--language <ko|en>', 'what the slips are printed in', language, 'ko')
  .option('--time-zone <zone>', 'of the times on the slips', timeZone, 'Asia/Seoul')
  .option('--no-status', 'believe a network printer that took the bytes: for one that answers no questions')
  .action(async (options) => {
    const { printAgentCommand } = await import('./kitchen/printing/agent/command.ts');
    await printAgentCommand(readConfig().printKey, options).catch(asUsage);
  });

program
  .command('migrate')
  .description('bring the database up to date')
  .action(async () => {
    const { migrateCommand } = await import('./platform/db/migrate-command.ts');
    await migrateCommand(readConfig());
  });

const db = program.command('db').description('look into the database, or begin it afresh');
db.command('shell')
  .description('type SQL, beside a server that runs: in psql where it is installed, otherwise at a prompt of our own')
  .option('-c, --command <sql>', 'answer this and end')
  .action(async (options: { command?: string }) => {
    const { shellCommand } = await import('./platform/db/shell-command.ts');
    await shellCommand(readConfig(), options);
  });
db.command('reset')
  .description('empty the database, orders and all, and bring it up to date; refused while a server uses it')
  .option('--demo', 'make the demo stores')
  .option('--yes', 'also where DATABASE_URL names another database than the embedded one')
  .action(async ({ demo, yes = false }: { demo?: boolean; yes?: boolean }) => {
    const { resetCommand } = await import('./platform/db/reset-command.ts');
    const fill = demo ? (await import('./seed/demo.ts')).importDemo : undefined;
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
    const { SeedSizeError, seedCommand } = await import('./seed/seed.ts');
    await seedCommand(readConfig(), sizes).catch((error) => {
      if (error instanceof SeedSizeError) throw new InvalidArgumentError(error.message);
      throw error;
    });
  });

const store = program.command('store').description('make, change, pause and open stores');
const settings = (command: Command): Command =>
  command
    .option('--name <text>', 'its name in Korean')
    .option('--name-en <text>', 'its name in English')
    .option('--tables <n or list>', "how many, or their names such as 'A1,A2,Bar'; 0 is a counter only")
    .option('--table-links <how>', 'open, or signed: a table orders only by its printed link')
    .option('--visit-code <how>', 'on or off: phones need the code of a visit that staff opened')
    .option('--pay-first <how>', 'on or off: orders at the counter are cooked once they are paid')
    .option('--hours <list>', "when it takes orders: 'mon-fri 11:00-22:00, sat 12:00-02:00', or always")
    .option('--days-off <list>', "days on which it stays closed: '2026-12-25,2027-01-01'")
    .option('--time-zone <zone>', 'such as Asia/Seoul')
    .option('--currency <code>', 'such as KRW')
    .option('--prep-minutes <n>', 'minutes from order to ready', wholeNumber)
    .option('--stations <list>', "its stations: 'grill,drinks'")
    .option('--languages <list>', 'ko,en');
settings(store.command('add').description('make a store').argument('<slug>', 'what it is called in addresses'))
  .option('--brand <slug>', 'the brand that it belongs to; may be left out where there is one')
  .option('--brand-name <text>', 'makes the brand if there is none of this slug')
  .option('--template <slug>', 'another store, whose settings and menu are copied')
  .action(async (slug: string, options: StoreAddOptions) => {
    const { storeAddCommand } = await import('./commands/store.ts');
    await storeAddCommand(readConfig(), slug, options).catch(asUsage);
  });
settings(store.command('set').description('change what is set of a store').argument('<slug>', 'which store')).action(
  async (slug: string, options: StoreOptions) => {
    const { storeSetCommand } = await import('./commands/store.ts');
    await storeSetCommand(readConfig(), slug, options).catch(asUsage);
  },
);
store
  .command('list')
  .description('all stores')
  .option('--json', 'all that is set of each, as JSON')
  .action(async (options: { json?: boolean }) => {
    const { storeListCommand } = await import('./commands/store.ts');
    await storeListCommand(readConfig(), options);
  });
store
  .command('qr')
  .description(
    "write the QR codes of a store's tables as a PDF, to be printed and cut; PUBLIC_URL says what they begin with",
  )
  .argument('<slug>', 'which store')
  .option('-o, --output <file>', 'where to; qr-SLUG.pdf unless said')
  .action(async (slug: string, { output }: { output?: string }) => {
    const { storeQrCommand } = await import('./commands/store.ts');
    await storeQrCommand(readConfig(), slug, output === undefined ? {} : { file: output }).catch(asUsage);
  });
store
  .command('pause')
  .description('take no orders, until the time is over or `store open`')
  .argument('<slug>', 'which store')
  .option('--reason <text>', 'what guests are told')
  .option('--for <minutes>', 'opens again by itself after so many', wholeNumber)
  .action(async (slug: string, { reason, for: minutes }: { reason?: string; for?: number }) => {
    const { storeStateCommand } = await import('./commands/store.ts');
    const said = { ...(reason !== undefined && { reason }), ...(minutes !== undefined && { minutes }) };
    await storeStateCommand(readConfig(), slug, 'paused', said).catch(asUsage);
  });
store
  .command('open')
  .description('take orders again; in closed hours for four hours at most')
  .argument('<slug>', 'which store')
  .action(async (slug: string) => {
    const { storeStateCommand } = await import('./commands/store.ts');
    await storeStateCommand(readConfig(), slug, 'open');
  });

const menu = program.command('menu').description('read and write menus as files');
menu
  .command('import')
  .description('make a menu equal to a file, or say all that is wrong with the file and change nothing')
  .argument('<file>', 'a table (.xlsx, .csv) or .json file')
  .option('--store <slug>', 'which store; needed when there are several')
  .option('--partial', 'the file holds changes to some dishes, not the whole menu')
  .action(async (file: string, options: { store?: string; partial?: boolean }) => {
    const { importMenuCommand } = await import('./menu/file/commands.ts');
    await importMenuCommand(readConfig(), file, options);
  });
menu
  .command('export')
  .description('write a menu to a file that import reads')
  .argument('<file>', 'a .csv or .json file')
  .option('--store <slug>', 'which store; needed when there are several')
  .option('--excel', 'begin the CSV with the mark by which Excel knows UTF-8')
  .action(async (file: string, options: { store?: string; excel?: boolean }) => {
    const { exportMenuCommand } = await import('./menu/file/commands.ts');
    await exportMenuCommand(readConfig(), file, options);
  });

const batch = program.command('batch').description('what the clock starts: sales, closing of days, stock, partitions');
batch
  .command('list')
  .description('the last runs, how long each took, why one failed, and what comes next')
  .option('--json', 'all that is known, as JSON')
  .action(async (options: { json?: boolean }) => {
    const { batchListCommand } = await import('./commands/batch.ts');
    await batchListCommand(readConfig(), options);
  });
batch
  .command('run')
  .description('run one now; it may be run as often as you like')
  .argument('<name>', 'as `batch list` shows it')
  .option('--from <day>', 'sales-rollup: make the books of these days anew, such as 2026-11-01')
  .option('--to <day>', 'the first day that is not among them')
  .action(async (name: string, options: { from?: string; to?: string }) => {
    const { batchRunCommand } = await import('./commands/batch.ts');
    await batchRunCommand(readConfig(), name, options).catch(asUsage);
  });

const archive = program.command('archive').description("finished months' orders as compressed, checksummed CSV files");
const inFolder = ['--folder <path>', 'where the months are; archive/ in MATJIP_HOME unless said'] as const;
archive
  .command('list')
  .description('which months are here, can be archived, or are archived')
  .option(...inFolder)
  .option('--json', 'the same as JSON')
  .action(async (options: { folder?: string; json?: boolean }) => {
    const { archiveListCommand } = await import('./commands/archive.ts');
    await archiveListCommand(readConfig(), options);
  });
archive
  .command('write')
  .description('write months to files and take them out of the database; may be killed and run again')
  .argument('[month]', 'the last one, such as 2025-01, the oldest first; all but two years unless said')
  .option(...inFolder)
  .action(async (month: string | undefined, options: { folder?: string }) => {
    const { archiveWriteCommand } = await import('./commands/archive.ts');
    await archiveWriteCommand(readConfig(), month, options).catch(asUsage);
  });
archive
  .command('read')
  .description("write one table's rows of a month to the standard output, as CSV")
  .argument('<month>', 'such as 2025-01')
  .argument('<table>', 'such as orders or order_line')
  .option(...inFolder)
  .action(async (month: string, table: string, options: { folder?: string }) => {
    const { archiveReadCommand } = await import('./commands/archive.ts');
    await archiveReadCommand(readConfig(), month, table, options).catch(asUsage);
  });
archive
  .command('restore')
  .description('bring an archived month back and prove that each row is what it was')
  .argument('<month>', 'such as 2025-01')
  .option(...inFolder)
  .action(async (month: string, options: { folder?: string }) => {
    const { archiveRestoreCommand } = await import('./commands/archive.ts');
    await archiveRestoreCommand(readConfig(), month, options).catch(asUsage);
  });
archive
  .command('verify')
  .description('read files again and compare all checksums')
  .argument('[months...]', 'which; all in the folder unless said')
  .option(...inFolder)
  .action(async (months: string[], options: { folder?: string }) => {
    const { archiveVerifyCommand } = await import('./commands/archive.ts');
    await archiveVerifyCommand(readConfig(), months, options).catch(asUsage);
  });

const shard = program
  .command('shard')
  .description('spread stores over machines, by Citus; DATABASE_URL names its coordinator');
shard
  .command('init')
  .description('give every table its place; it may be run again, and after an upgrade with new tables it must be')
  .option('--coordinator <host[:port]>', 'how the other machines reach the one in DATABASE_URL', nodeAddress)
  .option('--plan', 'say where each table would go, and change nothing; needs no Citus')
  .action(async ({ plan, ...options }: { plan?: boolean; coordinator?: NodeAddress }) => {
    const { shardInitCommand, shardPlanCommand } = await import('./commands/shard.ts');
    await (plan ? shardPlanCommand(readConfig()) : shardInitCommand(readConfig(), options));
  });
shard
  .command('add-node')
  .description('take a machine in; it has Citus and an empty database of the same name with the extension')
  .argument('<host:port>', 'as the coordinator reaches it', nodeAddress)
  .action(async (node: NodeAddress) => {
    const { shardAddNodeCommand } = await import('./commands/shard.ts');
    await shardAddNodeCommand(readConfig(), node);
  });
shard
  .command('rebalance')
  .description('spread stores evenly, while orders go on')
  .option('--drain <host:port>', 'take all stores away from this machine, such as the coordinator', nodeAddress)
  .option('--no-wait', 'begin it and do not wait for its end')
  .action(async (options: { drain?: NodeAddress; wait: boolean }) => {
    const { shardRebalanceCommand } = await import('./commands/shard.ts');
    await shardRebalanceCommand(readConfig(), options);
  });
shard
  .command('status')
  .description('the machines, what each holds, and how far a rebalance is')
  .option('--json', 'all that is known, as JSON')
  .action(async (options: { json?: boolean }) => {
    const { shardStatusCommand } = await import('./commands/shard.ts');
    await shardStatusCommand(readConfig(), options);
  });

withOwnOptions('rehearse', 'send the same crowd at each rung of the ladder, and report', async (args) => {
  const { rehearseCommand } = await import('../rehearsal/rehearse/command.ts');
  return rehearseCommand(args);
});
withOwnOptions('report', 'make one page of one or several results of a load test', async (args) => {
  const { reportCommand } = await import('../rehearsal/report/command.ts');
  return reportCommand(args);
});
withOwnOptions('plan', 'the cheapest machines that hold a peak, at each rung of the ladder', async (args) => {
  const { planCommand } = await import('../rehearsal/plan/command.ts');
  return planCommand(args);
});

program
  .command('bench')
  .description('measure, each number against a baseline of the same run')
  .argument('[names...]', 'which; all without any')
  .option(
    '--knee <rate>',
    'overload: requests a second that are taken for the knee, instead of looking for it',
    positive,
  )
  .option('--multiples <list>', 'overload: loads in multiples of the knee, such as 0.5,2,10', positives)
  .option('--seconds <s>', 'overload: how long each load lasts', positive)
  .option('--orders <count>', 'growth: orders of the larger database', wholeNumber)
  .option('--home <folder>', 'growth, stores, rollup-day: keep the database there, and use what is there already')
  .option('--rows <count>', 'ids: rows of each kind of id', wholeNumber)
  .option('--phones <count>', 'overload: how many phones there are', positive)
  .option(
    '-o, --out <file>',
    'overload: write everything measured to this file; overload-picture BEFORE AFTER: draw it there',
  )
  .action(async (names: string[], options: BenchOptions) => {
    const { benchCommand } = await import('../bench/index.ts');
    process.exitCode = await benchCommand(names, options);
  });

program
  .command('faults')
  .description('kill, freeze and cut what a running Matjip stands on, in the middle of load, and balance the books')
  .argument('[names...]', 'which scenarios; all without any')
  .option('--seed <n>', 'the same seed chooses the same orders, taps and moments', wholeNumber)
  .option('--seconds <s>', 'how long each scenario lasts, about', positive)
  .option('--seeds <n>', 'each scenario with so many seeds; the worst counts', positive)
  .option('--list', 'say which there are')
  .option('--render', 'only make docs/reliability.md anew from what was measured before')
  .option('--no-docs', 'leave docs/reliability.md as it is')
  .action(async (names: string[], options: FaultsOptions) => {
    const { faultsCommand } = await import('../faults/index.ts');
    process.exitCode = await faultsCommand(names, options);
  });

/** A command of the rehearsal, which knows its own options and its own exit codes. */
function withOwnOptions(name: string, description: string, run: (args: string[]) => Promise<number>): void {
  program
    .command(name)
    .description(description)
    .helpOption(false)
    .allowUnknownOption()
    .argument('[arguments...]')
    .action(async (_operands: string[], _options: object, command: Command) => {
      process.exitCode = await run(command.args);
    });
}

function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('A positive number is needed.');
  return number;
}

/** Parted by commas. */
function positives(value: string): number[] {
  return value.split(',').map(positive);
}

function language(value: string): 'ko' | 'en' {
  if (value !== 'ko' && value !== 'en') throw new InvalidArgumentError('Allowed are ko and en.');
  return value;
}

function httpAddress(value: string): string {
  const url = URL.parse(value);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError('An address that begins with http:// or https:// is needed.');
  }
  return value;
}

/** A name or an address, and a port where it is not Postgres' own. */
function nodeAddress(value: string): NodeAddress {
  const url = URL.parse(`postgres://${value}`);
  if (!url?.hostname || url.username || url.search || !['', '/'].includes(url.pathname)) {
    throw new InvalidArgumentError('A machine is needed, such as 10.0.0.12:5432.');
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 5432) };
}

function paperColumns(value: string): number {
  const columns = wholeNumber(value);
  if (columns < 24 || columns > 96) throw new InvalidArgumentError('From 24 to 96 characters fit on a slip.');
  return columns;
}

function timeZone(value: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('A time zone is needed, such as Asia/Seoul or UTC.');
  }
}

function wholeNumber(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(value);
}

/** A value that is not allowed is how the command was used. */
function asUsage(error: unknown): never {
  if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
  throw error;
}

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
