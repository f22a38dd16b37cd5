import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import type { Lifetime } from './lifetime.ts';
import { findProgram } from './programs.ts';
import { type Command, type Service, startRedis, startService } from './services.ts';

export interface RedisSentinels {
  /** As `REDIS_URL` has it. */
  readonly url: string;
  readonly primary: Service;
  readonly replica: Service;
  readonly sentinels: readonly Service[];
}

const NAME = 'matjip';
const SENTINELS = 3;
/** Of three, so that one may die with the primary. */
const QUORUM = 2;

/** A Redis with a replica, and three Sentinels that make the replica the primary when that does not answer for half a second. */
export async function startRedisSentinels(t: Lifetime): Promise<RedisSentinels> {
  const cli = findProgram('redis-cli');
  const ask = async (at: Service, ...command: string[]): Promise<string> =>
    (await promisify(execFile)(cli, ['-p', String(at.port), ...command])).stdout;

  const primary = await startRedis(t);
  const replica = await startRedis(t, ['--replicaof', '127.0.0.1', String(primary.port)]);
  await eventually(
    async () => /state=online/.test(await ask(primary, 'info', 'replication')),
    'the replica has what the primary has',
  );
  const sentinels = await Promise.all(
    Array.from({ length: SENTINELS }, () =>
      startService(t, 'redis-sentinel', async (port, folder): Promise<Command> => {
        // It writes down there what it learns.
        const file = join(folder, 'sentinel.conf');
        await writeFile(
          file,
          [
            `port ${port}`,
            'bind 127.0.0.1',
            `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} ${QUORUM}`,
            `sentinel down-after-milliseconds ${NAME} 500`,
            `sentinel failover-timeout ${NAME} 5000`,
            '',
          ].join('\n'),
        );
        return [findProgram('redis-server'), [file, '--sentinel']];
      }),
    ),
  );
  for (const sentinel of sentinels) {
    await eventually(async () => {
      const fields = (await ask(sentinel, 'sentinel', 'master', NAME)).split('\n');
      const of = (name: string) => Number(fields[fields.indexOf(name) + 1]);
      return of('num-slaves') === 1 && of('num-other-sentinels') === SENTINELS - 1;
    }, 'each Sentinel knows the replica and the others');
  }
  return {
    url: sentinels.map(({ port }) => `redis-sentinel://127.0.0.1:${port}/${NAME}`).join(','),
    primary,
    replica,
    sentinels,
  };
}
