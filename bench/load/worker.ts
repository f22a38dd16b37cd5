import { newId } from '../../src/platform/id.ts';
import { type Load, runLoad } from './http-load.ts';

/** What the load process is asked to send; one JSON line on its command line. */
export interface LoadTask extends Load {
  readonly request:
    | { readonly kind: 'get'; readonly path: string; readonly headers?: Readonly<Record<string, string>> }
    | { readonly kind: 'order'; readonly path: string; readonly itemIds: readonly string[] };
}

const TABLES = 500;
const task = JSON.parse(process.argv[2]!) as LoadTask;
const { request } = task;

function makeRequests(): () => string {
  if (request.kind === 'get') {
    const headers = Object.entries({ host: `${task.host}:${task.port}`, ...request.headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    const text = `GET ${request.path} HTTP/1.1\r\n${headers}\r\n`;
    return () => text;
  }
  let turn = 0;
  return () => {
    const body = `{"lines":[{"itemId":"${request.itemIds[turn++ % request.itemIds.length]}","quantity":1}],"table":"${1 + (turn % TABLES)}"}`;
    return `POST ${request.path} HTTP/1.1\r\nhost: ${task.host}:${task.port}\r\ncontent-type: application/json\r\nidempotency-key: ${newId()}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
}

process.stdout.write(JSON.stringify(await runLoad(task, makeRequests())));
