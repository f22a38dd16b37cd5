/** The baseline: `node:http` and nothing else, sending the same bytes as the menu route. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const body = readFileSync(process.env.BENCH_BODY!);
const headers = JSON.parse(process.env.BENCH_HEADERS!) as Record<string, string>;
const status = Number(process.env.BENCH_STATUS ?? 200);
const server = createServer((_request, response) => {
  response.writeHead(status, headers);
  response.end(status === 304 ? undefined : body);
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
process.once('SIGTERM', () => process.exit(0));
