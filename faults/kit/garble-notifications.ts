import type { Random } from '../../rehearsal/crowd/random.ts';
import type { Line, TcpProxy } from './proxy.ts';

/** Of Postgres' protocol: a message of the server begins with its kind and its length, which counts itself. */
const KIND_BYTES = 1;
const LENGTH_BYTES = 4;
const NOTIFICATION = 'A'.charCodeAt(0);
const PROCESS_BYTES = 4;

/** What a message of the live channel may be instead of itself. */
const STRANGE = ['{"kind":', '[]', 'null', '[{"kind":"hologram","storeId":7}]', '[{"kind":"order"}]', '김치'];

export interface Garbler {
  /** Of all notifications, the share that is dropped, doubled, held back behind the next, or replaced by something strange. */
  share: number;
  /** How many of each. */
  readonly done: { dropped: number; doubled: number; late: number; strange: number };
}

/** Does harm to the notifications that Postgres sends through a proxy, and to nothing else. */
export function garbleNotifications(proxy: TcpProxy, random: Random): Garbler {
  const garbler: Garbler = { share: 0, done: { dropped: 0, doubled: 0, late: 0, strange: 0 } };
  const rests = new WeakMap<Line, Buffer>();
  const held = new WeakMap<Line, Buffer>();
  const harm = (message: Buffer, line: Line): Buffer[] => {
    const late = held.get(line);
    held.delete(line);
    const before = late ? [late] : [];
    if (random.next() >= garbler.share) return [message, ...before];
    switch (random.integer(4)) {
      case 0:
        garbler.done.dropped += 1;
        return before;
      case 1:
        garbler.done.doubled += 1;
        return [message, message, ...before];
      case 2:
        garbler.done.late += 1;
        held.set(line, message);
        return before;
      default:
        garbler.done.strange += 1;
        return [withPayload(message, STRANGE[random.integer(STRANGE.length)]!), ...before];
    }
  };
  proxy.rules.add({
    fromService(bytes, line) {
      let rest = Buffer.concat([rests.get(line) ?? Buffer.alloc(0), bytes]);
      const out: Buffer[] = [];
      while (rest.length >= KIND_BYTES + LENGTH_BYTES) {
        const length = KIND_BYTES + rest.readInt32BE(KIND_BYTES);
        if (rest.length < length) break;
        const message = rest.subarray(0, length);
        out.push(...(message[0] === NOTIFICATION ? harm(message, line) : [message]));
        rest = rest.subarray(length);
      }
      rests.set(line, rest);
      return Buffer.concat(out);
    },
  });
  return garbler;
}

/** The same notification of the same channel with other words. */
function withPayload(message: Buffer, payload: string): Buffer {
  const channelAt = KIND_BYTES + LENGTH_BYTES + PROCESS_BYTES;
  const head = message.subarray(0, message.indexOf(0, channelAt) + 1);
  const changed = Buffer.concat([head, Buffer.from(`${payload}\0`)]);
  changed.writeInt32BE(changed.length - KIND_BYTES, KIND_BYTES);
  return changed;
}
