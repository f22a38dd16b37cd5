import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import type { StoreAddOptions, StoreOptions } from '../store.ts';
import { asUsage, wholeNumber } from './values.ts';

/** Stores. */
export function storeCommands(program: Command): void {
  const store = program.command('store').description('make, change, pause and open stores');
  settings(store.command('add').description('make a store').argument('<slug>', 'what it is called in addresses'))
    .option('--brand <slug>', 'the brand that it belongs to; may be left out where there is one')
    .option('--brand-name <text>', 'makes the brand if there is none of this slug')
    .option('--template <slug>', 'another store, whose settings and menu are copied')
    .action(async (slug: string, options: StoreAddOptions) => {
      const { storeAddCommand } = await import('../store.ts');
      await storeAddCommand(readConfig(), slug, options).catch(asUsage);
    });
  settings(store.command('set').description('change what is set of a store').argument('<slug>', 'which store')).action(
    async (slug: string, options: StoreOptions) => {
      const { storeSetCommand } = await import('../store.ts');
      await storeSetCommand(readConfig(), slug, options).catch(asUsage);
    },
  );
  store
    .command('list')
    .description('all stores')
    .option('--json', 'all that is set of each, as JSON')
    .action(async (options: { json?: boolean }) => {
      const { storeListCommand } = await import('../store.ts');
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
      const { storeQrCommand } = await import('../store.ts');
      await storeQrCommand(readConfig(), slug, output === undefined ? {} : { file: output }).catch(asUsage);
    });
  store
    .command('pause')
    .description('take no orders, until the time is over or `store open`')
    .argument('<slug>', 'which store')
    .option('--reason <text>', 'what guests are told')
    .option('--for <minutes>', 'opens again by itself after so many', wholeNumber)
    .action(async (slug: string, { reason, for: minutes }: { reason?: string; for?: number }) => {
      const { storeStateCommand } = await import('../store.ts');
      const said = { ...(reason !== undefined && { reason }), ...(minutes !== undefined && { minutes }) };
      await storeStateCommand(readConfig(), slug, 'paused', said).catch(asUsage);
    });
  store
    .command('open')
    .description('take orders again; in closed hours for four hours at most')
    .argument('<slug>', 'which store')
    .action(async (slug: string) => {
      const { storeStateCommand } = await import('../store.ts');
      await storeStateCommand(readConfig(), slug, 'open');
    });
}

/** The options of what is set of a store. */
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
