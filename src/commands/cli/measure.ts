import type { Command } from 'commander';
import type { BenchOptions } from '../../../bench/options.ts';
import type { FaultsOptions } from '../../../faults/index.ts';
import { positive, positives, wholeNumber } from './values.ts';

/** What measures Matjip, or breaks what it stands on. */
export function measureCommands(program: Command): void {
  withOwnOptions(program, 'rehearse', 'send the same crowd at each rung of the ladder, and report', async (args) => {
    const { rehearseCommand } = await import('../../../rehearsal/rehearse/command.ts');
    return rehearseCommand(args);
  });
  withOwnOptions(program, 'report', 'make one page of one or several results of a load test', async (args) => {
    const { reportCommand } = await import('../../../rehearsal/report/command.ts');
    return reportCommand(args);
  });
  withOwnOptions(
    program,
    'plan',
    'the cheapest machines that hold a peak, at each rung of the ladder',
    async (args) => {
      const { planCommand } = await import('../../../rehearsal/plan/command.ts');
      return planCommand(args);
    },
  );

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
      const { benchCommand } = await import('../../../bench/index.ts');
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
      const { faultsCommand } = await import('../../../faults/index.ts');
      process.exitCode = await faultsCommand(names, options);
    });
}

/** A command of the rehearsal, which knows its own options and its own exit codes. */
function withOwnOptions(
  program: Command,
  name: string,
  description: string,
  run: (args: string[]) => Promise<number>,
): void {
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
