import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly at: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  readonly body: any;
}

/** Somebody else's server. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** How many of its requests were open at once, at most. */
  readonly mostAtOnce: number;
  /** What it does with a delivery; at first it says 204. */
  behave(how: (response: ServerResponse, delivery: Received) => void): void;
}

export async function startReceiver(t: { after(hook: () => Promise<void>): void }): Promise<Receiver> {
  const received: Received[] = [];
  let how = (response: ServerResponse, _delivery: Received) => {
    response.writeHead(204).end();
  };
  let open = 0;
  let mostAtOnce = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    mostAtOnce = Math.max(mostAtOnce, open);
    response.once('close', () => {
      open -= 1;
    });
    let text = '';
    for await (const chunk of request) text += chunk;
    const delivery = { at: Date.now(), headers: request.headers, text, body: JSON.parse(text) };
    received.push(delivery);
    how(response, delivery);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    get mostAtOnce() {
      return mostAtOnce;
    },
    behave(next) {
      how = next;
    },
  };
}

/** What the documentation tells a receiver to check. */
export function isGenuine(secret: string, { headers, text }: Received): boolean {
  const [, timestamp, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['matjip-signature'])) ?? [];
  return (
    // biome-ignore lint/plugin: the receiver's own clock, as the documentation says
    Math.abs(Date.now() / 1_000 - Number(timestamp)) < 300 &&
    signature === createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex')
  );
}
