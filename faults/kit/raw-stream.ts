import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { atEndOf, type Lifetime } from '../../test/support/lifetime.ts';
import { nowMs } from '../crowd/guest.ts';

/** A reader of an event stream that costs no more than its socket, so that one process can be thousands; or one that does not read. */
export interface RawStream {
  /** When the event of this number came, in milliseconds since 1970. */
  heardAtMs(id: number): number | undefined;
  /** Whether its answer has begun. */
  isOpen(): boolean;
  /** Whether it was refused or the other side has ended it. One that does not read does not notice. */
  isGone(): boolean;
  /** Stops reading, as a phone does that was put away, or goes on. */
  setReading(reads: boolean): void;
}

/**
 * Opens streams, some at a time; whoever is refused because Matjip is full comes again, as a page does.
 * @returns one for each address, in their order
 */
export async function openRawStreams(life: Lifetime, addresses: readonly string[]): Promise<RawStream[]> {
  const streams: RawStream[] = [];
  while (streams.length < addresses.length) {
    const next = addresses.slice(streams.length, streams.length + OPENING);
    const opened = next.map((address) => openRawStream(life, address));
    while (!opened.every((stream) => stream.isOpen())) {
      await delay(COME_AGAIN_MS);
      for (const [place, stream] of opened.entries()) {
        if (stream.isGone()) opened[place] = openRawStream(life, next[place]!);
      }
    }
    streams.push(...opened);
  }
  return streams;
}

/** Opened at once; more would be a crowd that comes all at once, which is another scenario. */
const OPENING = 50;
const COME_AGAIN_MS = 200;

function openRawStream(life: Lifetime, address: string): RawStream {
  const { hostname, port, pathname, search } = new URL(address);
  const heard = new Map<number, number>();
  const state = { rest: '', open: false, gone: false };
  const socket = connect(Number(port), hostname);
  socket.setEncoding('latin1');
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\n\r\n`);
  socket.on('data', (text: string) => {
    const lines = (state.rest + text).split('\n');
    state.rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('HTTP/1.1 200')) state.open = true;
      else if (line.startsWith('HTTP/1.1 ')) socket.destroy();
      if (line.startsWith('id: ')) heard.set(Number(line.slice(4)), nowMs());
    }
  });
  const end = () => {
    state.gone = true;
  };
  socket.on('error', end).on('close', end).on('end', end);
  atEndOf(life, async () => void socket.destroy());
  return {
    heardAtMs: (id) => heard.get(id),
    isOpen: () => state.open && !state.gone,
    isGone: () => state.gone,
    setReading: (reads) => void (reads ? socket.resume() : socket.pause()),
  };
}
