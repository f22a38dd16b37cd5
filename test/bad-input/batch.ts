import assert from 'node:assert/strict';
import { type Attack, bytesOf, tell } from './attacks.ts';
import type { Audit } from './audit.ts';
import type { BadInputClass } from './classes.ts';
import { faultOf, isUnavailable } from './judge.ts';
import { type Sent, send } from './send.ts';

/** Of one class: how many requests were sent, and how many of them were answered with 400 or more, or not at all. */
export interface Count {
  tried: number;
  refused: number;
}

/** How often the database answered nobody in time, which a machine with much else to do may say of itself. */
export interface Unavailable {
  /** Answers of `503 unavailable` with a time to come back after. Each was asked once more, and that answer is the one that is judged. */
  told: number;
}

export interface Batch {
  readonly attacks: readonly Attack[];
  readonly port: number;
  readonly audit: Audit;
  readonly secrets: readonly string[];
  readonly counts: Record<BadInputClass, Count>;
  readonly unavailable: Unavailable;
}

const isRead = ({ method }: Attack): boolean => method === 'GET' || method === 'HEAD';
/** A reader that asks for a slip has it, which is written down. */
const mayChange = (attack: Attack): boolean => !isRead(attack) || attack.operation.path.endsWith('/next');
const isRefused = ({ status }: Sent): boolean => status === 0 || status >= 400;
/**
 * A head that promises more than comes would be waited for; who hangs up behind it is answered at once or not at all. A request that
 * was whole may have been done by then: nobody heard whether, as on a bad line.
 */
const hangsUp = (attack: Attack): boolean => attack.cutAt !== undefined || attack.class === 'headers';
const isUnheard = (attack: Attack, { status }: Sent): boolean =>
  status === 0 && attack.class === 'headers' && attack.cutAt === undefined;
const isAccepted = (attack: Attack, sent: Sent): boolean => !isRefused(sent) || isUnheard(attack, sent);

/** Sends all at once, and looks at each answer and at every table. */
export async function checkBatch({ attacks, port, audit, secrets, counts, unavailable }: Batch): Promise<void> {
  const first = await Promise.all(
    attacks.map(async (attack) => ({
      attack,
      sent: await Promise.all(Array.from({ length: attack.times ?? 1 }, () => sendOne(port, attack))),
    })),
  );
  const answers = await Promise.all(
    first.map(async ({ attack, sent: heard }) => {
      // When all of the batch have been answered: then nothing of it keeps the machine busy.
      const sent = await Promise.all(
        heard.map((each) => {
          if (!isUnavailable(each)) return each;
          unavailable.told += 1;
          return sendOne(port, attack);
        }),
      );
      const count = counts[attack.class];
      count.tried += sent.length;
      count.refused += sent.filter(isRefused).length;
      const faults = sent.flatMap((each) => {
        const fault = faultOf(attack, each, secrets);
        return fault ? [`${tell(attack)}\n  the answer ${fault}\n  ${each.status} ${each.body.slice(0, 500)}`] : [];
      });
      return {
        attack,
        faults,
        isAccepted: sent.some((each) => isAccepted(attack, each)),
      };
    }),
  );
  const changed = await audit.take();
  const faults = answers.flatMap((each) => each.faults);
  assert.ok(faults.length === 0, faults.join('\n'));
  if (changed.length === 0) return;
  // Some were right and changed what they should, or an answer came before the last of its work. The refused ones are sent again, by
  // themselves: refused again, they change nothing.
  const refused = answers.filter(({ isAccepted, attack }) => !isAccepted || !mayChange(attack));
  if (refused.length > 0) {
    await checkUnchanged(
      refused.map(({ attack }) => attack),
      port,
      audit,
    );
  }
}

const sendOne = (port: number, attack: Attack): Promise<Sent> =>
  send(port, bytesOf(attack), {
    hangsUp: hangsUp(attack),
    headOnly: attack.method === 'HEAD',
    ...(attack.pieces !== undefined && { pieces: attack.pieces }),
  });

/**
 * Somebody who hung up may still be served while these are sent, and on a busy machine for longer than a few of them take (a payment is written,
 * its provider asked, its address noted): what changes each time is changed by these.
 */
export const AGAIN_TIMES = 10;

async function checkUnchanged(attacks: readonly Attack[], port: number, audit: Audit): Promise<void> {
  let changed: string[] = [];
  for (let time = 0; time < AGAIN_TIMES; time += 1) {
    const again = await Promise.all(
      attacks.map(async (attack) => {
        const how = { hangsUp: hangsUp(attack), headOnly: attack.method === 'HEAD' };
        return mayChange(attack) && isAccepted(attack, await send(port, bytesOf(attack), how));
      }),
    );
    changed = await audit.take();
    if (changed.length === 0 || again.some(Boolean)) return;
  }
  assert.fail(`refused, and yet ${changed.join(', ')}:\n${attacks.map(tell).join('\n')}`);
}
