import { once } from 'node:events';
import { connect } from 'node:net';
import { atEndOf, type Lifetime } from './lifetime.ts';

/** What a client may have sent of its first request, or of its second, when it falls silent. */
export const UNFINISHED = {
  'has said nothing': '',
  'has sent half a head': 'GET /healthz HTTP/1.1\r\nHost: here\r\nAcce',
  'has sent half a body':
    'POST /api/v1/brands HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"na',
  'was answered and has sent half of another head':
    'GET /healthz HTTP/1.1\r\nHost: here\r\n\r\nGET /healthz HTTP/1.1\r\nHo',
} as const;

export type Unfinished = keyof typeof UNFINISHED;

/** A connection whose client sends this much and then neither more nor an end. */
export async function fallSilent(t: Lifetime, url: string, kind: Unfinished): Promise<{ closed: Promise<unknown> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  atEndOf(t, async () => socket.destroy());
  // Cut off is what it is to be.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  const sent = UNFINISHED[kind];
  if (sent) await new Promise((resolve) => socket.write(sent, resolve));
  socket.resume();
  return { closed };
}
