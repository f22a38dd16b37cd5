import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import type { NodeAddress } from '../../platform/db/citus/nodes.ts';
import { nodeAddress, shardParts } from './values.ts';

/** Stores over machines. */
export function shardCommands(program: Command): void {
  const shard = program
    .command('shard')
    .description('spread stores over machines, by Citus; DATABASE_URL names its coordinator');
  shard
    .command('init')
    .description('give every table its place; it may be run again, and after an upgrade with new tables it must be')
    .option('--coordinator <host[:port]>', 'how the other machines reach the one in DATABASE_URL', nodeAddress)
    .option('--parts <count>', 'into how many parts stores are divided, for good; a part moves as one', shardParts)
    .option('--plan', 'say where each table would go, and change nothing; needs no Citus')
    .action(async ({ plan, ...options }: { plan?: boolean; coordinator?: NodeAddress; parts?: number }) => {
      const { shardInitCommand, shardPlanCommand } = await import('../shard.ts');
      await (plan ? shardPlanCommand(readConfig()) : shardInitCommand(readConfig(), options));
    });
  shard
    .command('add-node')
    .description('take a machine in; it has Citus and an empty database of the same name with the extension')
    .argument('<host:port>', 'as the coordinator reaches it', nodeAddress)
    .action(async (node: NodeAddress) => {
      const { shardAddNodeCommand } = await import('../shard.ts');
      await shardAddNodeCommand(readConfig(), node);
    });
  shard
    .command('rebalance')
    .description('spread stores evenly, while orders go on')
    .option('--drain <host:port>', 'take all stores away from this machine, such as the coordinator', nodeAddress)
    .option('--no-wait', 'begin it and do not wait for its end')
    .action(async (options: { drain?: NodeAddress; wait: boolean }) => {
      const { shardRebalanceCommand } = await import('../shard.ts');
      await shardRebalanceCommand(readConfig(), options);
    });
  shard
    .command('isolate')
    .description(
      'give a store that is larger than its neighbours a part of its own on another machine, while orders go on',
    )
    .argument('<slug>', 'the store')
    .option('--to <host:port>', 'the machine; otherwise the one with the fewest parts', nodeAddress)
    .action(async (slug: string, options: { to?: NodeAddress }) => {
      const { shardIsolateCommand } = await import('../shard.ts');
      await shardIsolateCommand(readConfig(), slug, options);
    });
  shard
    .command('status')
    .description('the machines, what each holds, and how far a rebalance is')
    .option('--json', 'all that is known, as JSON')
    .action(async (options: { json?: boolean }) => {
      const { shardStatusCommand } = await import('../shard.ts');
      await shardStatusCommand(readConfig(), options);
    });
}
