/** The baseline of the event's mix: `node:http` and nothing else, with the bytes that Matjip gave once. It reads what it is sent. */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const canned = JSON.parse(readFileSync(process.env.BENCH_CANNED!, 'utf8')) as Record<string, string>;
const bytes = Object.fromEntries(Object.entries(canned).map(([name, text]) => [name, Buffer.from(text ?? '')]));
const { etag = '' } = canned;

const answer = (response: ServerResponse, status: number, body: Buffer, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
};

const server = createServer((request, response) => {
  const { method, url = '', headers } = request;
  if (method === 'POST') {
    request.resume();
    request.on('end', () => answer(response, 201, bytes.order!));
  } else if (url.endsWith('/menu')) {
    if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else answer(response, 200, bytes.menu!, { etag });
  } else answer(response, 200, url.includes('/orders/') ? bytes.status! : bytes.stores!);
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
process.once('SIGTERM', () => process.exit(0));
