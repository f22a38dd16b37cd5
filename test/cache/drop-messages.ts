/** Loaded before an API process (`--import`): a share of what it would hear of changes never arrives. */
import { Redis } from 'ioredis';
import pg from 'pg';

const share = Number(process.env.DROP_SHARE);
const HEARD = new Set(['notification', 'message', 'smessage']);

type Emit = (this: unknown, event: string | symbol, ...details: unknown[]) => boolean;

for (const { prototype } of [pg.Client, Redis] as unknown as { prototype: { emit: Emit } }[]) {
  const emit = prototype.emit;
  prototype.emit = function (event, ...details) {
    if (HEARD.has(String(event)) && Math.random() < share) return true;
    return emit.call(this, event, ...details);
  };
}
