import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import type { InTurn } from '../platform/concurrency/keyed-semaphore.ts';

/** As OWASP's cheat sheet has it for argon2id: 19 MiB, two passes, one lane. Some 40 ms of a core, in a thread of its own. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/**
 * Hashes passwords and PINs by argon2id. All of a process share its turns, as each takes a core and 19 MiB; never call it with a database
 * connection in hand.
 */
export interface Passwords {
  /** In the PHC string format, so that the cost can be raised later and old ones are still read. @throws Problem `busy` */
  hash(password: string): Promise<string>;
  /**
   * @param findHash asked when the turn has come, so that who is refused for want of one has asked nothing; undefined: of nobody, and it
   *   takes as long to say no, so that nobody learns who works here
   * @throws Problem `busy`, and what `findHash` throws
   */
  isRight(password: string, findHash: () => Promise<string | undefined>): Promise<boolean>;
}

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  const parameters: Argon2Parameters = {
    message: password.normalize('NFKC'),
    nonce: salt,
    tagLength: TAG_BYTES,
    ...cost,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

const FORMAT = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

/** @param inTurn how many are hashed at once, and how many may wait */
export function createPasswords(inTurn: InTurn): Passwords {
  const inItsTurn = <T>(work: () => Promise<T>): Promise<T> => inTurn('passwords', work);
  return {
    hash: (password) =>
      inItsTurn(async () => {
        const salt = randomBytes(SALT_BYTES);
        const tag = await derive(password, salt, COST);
        const { memory, passes, parallelism } = COST;
        return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt.toString('base64url')}$${tag.toString('base64url')}`;
      }),
    isRight: (password, findHash) =>
      inItsTurn(async () => {
        const [, memory, passes, parallelism, salt, tag] = FORMAT.exec((await findHash()) ?? '') ?? [];
        const cost = tag ? { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) } : COST;
        const found = await derive(password, Buffer.from(salt ?? 'A'.repeat(22), 'base64url'), cost as typeof COST);
        const wanted = Buffer.from(tag ?? '', 'base64url');
        return wanted.length === found.length && timingSafeEqual(wanted, found);
      }),
  };
}
