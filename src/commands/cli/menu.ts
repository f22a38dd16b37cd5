import type { Command } from 'commander';
import { readConfig } from '../../config.ts';

/** Menus as files. */
export function menuCommands(program: Command): void {
  const menu = program.command('menu').description('read and write menus as files');
  menu
    .command('import')
    .description('make a menu equal to a file, or say all that is wrong with the file and change nothing')
    .argument('<file>', 'a table (.xlsx, .csv) or .json file')
    .option('--store <slug>', 'which store; needed when there are several')
    .option('--partial', 'the file holds changes to some dishes, not the whole menu')
    .action(async (file: string, options: { store?: string; partial?: boolean }) => {
      const { importMenuCommand } = await import('../../menu/file/commands.ts');
      await importMenuCommand(readConfig(), file, options);
    });
  menu
    .command('export')
    .description('write a menu to a file that import reads')
    .argument('<file>', 'a .csv or .json file')
    .option('--store <slug>', 'which store; needed when there are several')
    .option('--excel', 'begin the CSV with the mark by which Excel knows UTF-8')
    .action(async (file: string, options: { store?: string; excel?: boolean }) => {
      const { exportMenuCommand } = await import('../../menu/file/commands.ts');
      await exportMenuCommand(readConfig(), file, options);
    });
}
