import type { Worker } from 'node:cluster';

/** What the first process sends to a worker together with a connection that it accepted for it (Node's own `round_robin_handle.js`). */
interface Handing {
  readonly act?: string;
  readonly seq?: number;
  readonly ack?: number;
}

interface Handle {
  close(): void;
}

/**
 * Closes the connection that was being handed to a worker when that ended. Node keeps it open until the worker says that it has it, so
 * of one that is frozen or killed for ever: its client would wait for an answer that nobody can give. There is one at most, as a worker
 * is given the next when it has the last. Nobody knows whether the worker had read from it, so it is not given to another.
 */
export function closeHandedWith(worker: Worker): void {
  const { process } = worker;
  let handing: { seq: number | undefined; handle: Handle } | undefined;
  const send = process.send as (message: Handing, handle?: Handle, ...rest: unknown[]) => boolean;
  process.send = ((message: Handing, handle?: Handle, ...rest: unknown[]) => {
    if (message.act === 'newconn' && handle) handing = { seq: message.seq, handle };
    return send.call(process, message, handle, ...rest);
  }) as typeof process.send;
  process.on('internalMessage', ({ ack }: Handing) => {
    if (handing && ack === handing.seq) handing = undefined;
  });
  process.once('exit', () => handing?.handle.close());
}
