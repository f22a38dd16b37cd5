import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { atEndOf, type Lifetime } from './lifetime.ts';

/** A name server on UDP (RFC 1035) that says what the test has it say, and is asked by a real resolver. */
export interface DnsServer {
  /** As a resolver's list of servers has it. */
  readonly address: string;
  /** The names that were asked for an IPv4 address. */
  readonly asked: readonly string[];
}

const HEADER_BYTES = 12;
const TYPES = { A: 1, AAAA: 28 } as const;

/** @param addressesOf of a name, each time that it is asked; they may be kept for no time at all */
export async function startDnsServer(
  t: Lifetime,
  addressesOf: (name: string) => readonly string[],
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let at = HEADER_BYTES;
    for (let length = query[at]!; length > 0; length = query[at]!) {
      labels.push(query.toString('ascii', at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const question = query.subarray(HEADER_BYTES, at + 5);
    const name = labels.join('.');
    const isAsked = type === TYPES.A;
    if (isAsked) asked.push(name);
    const answers = isAsked ? addressesOf(name).filter(isIPv4).map(record) : [];
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    // An answer, by whoever owns the name; one question.
    header.writeUInt16BE(0x8580, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, question, ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  atEndOf(t, async () => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

/** The name of the question, by its place in the message; class IN; a time to live of nothing. */
const record = (address: string): Buffer =>
  Buffer.from([0xc0, HEADER_BYTES, 0, TYPES.A, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
