import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { asUsage, httpAddress, language, paperColumns, timeZone } from './values.ts';

/** What runs until Ctrl-C. */
export function processCommands(program: Command): void {
  program
    .command('serve')
    .description('serve the pages and the API until Ctrl-C')
    .option('--demo', 'make the demo stores if there are no stores yet')
    .action(async ({ demo = false }: { demo?: boolean }) => {
      const { serve } = await import('../../serve.ts');
      await serve(readConfig(), { demo });
    });

  program
    .command('work')
    .description('work the jobs off in a process of their own, until Ctrl-C; needs DATABASE_URL')
    .action(async () => {
      const { work } = await import('../../work.ts');
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
      const { printAgentCommand } = await import('../../kitchen/printing/agent/command.ts');
      await printAgentCommand(readConfig().printKey, options).catch(asUsage);
    });
}
