import { newId } from '../../src/platform/id.ts';
import { benchItemId, benchStoreId } from '../orders/store-ids.ts';
import { type Load, type Requests, runLoad } from './http-load.ts';

/** What the load process is asked to send; one JSON line on its command line. */
export interface LoadTask extends Load {
  readonly request:
    | { readonly kind: 'get'; readonly path: string; readonly headers?: Readonly<Record<string, string>> }
    /** `tables`: how many there are; 0: nobody sits at one. */
    | {
        readonly kind: 'order';
        readonly path: string;
        readonly itemIds: readonly string[];
        readonly tables?: number;
      }
    /** Orders of one portion at one store after the other. */
    | { readonly kind: 'orders'; readonly targets: readonly { readonly path: string; readonly itemId: string }[] }
    /** Orders of one portion at random ones of so many stores of `bench/orders/many-stores.ts`. */
    | { readonly kind: 'many-stores'; readonly stores: number }
    /** Phones, of which each asks for one of the paths again and again, with the ETag of its last answer. */
    | { readonly kind: 'phones'; readonly phones: number; readonly paths: readonly string[] };
}

const TABLES = 500;
const task = JSON.parse(process.argv[2]!) as LoadTask;
const { request } = task;

const host = `host: ${task.host}:${task.port}\r\n`;

function makeRequests(): Requests {
  switch (request.kind) {
    case 'get': {
      const headers = Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      const text = `GET ${request.path} HTTP/1.1\r\n${host}${headers.join('')}\r\n`;
      return { next: () => text };
    }
    case 'order':
      return orders(
        (turn) => ({ path: request.path, itemId: request.itemIds[turn % request.itemIds.length]! }),
        request.tables,
      );
    case 'orders':
      return orders((turn) => request.targets[turn % request.targets.length]!);
    case 'many-stores':
      return orders(() => {
        const number = Math.floor(Math.random() * request.stores);
        return { path: `/api/v1/stores/${benchStoreId(number)}/orders`, itemId: benchItemId(number) };
      });
    case 'phones':
      return phones(request.phones, request.paths);
  }
}

function orders(
  target: (turn: number) => { readonly path: string; readonly itemId: string },
  tables: number = TABLES,
): Requests {
  let turn = 0;
  return {
    next() {
      const { path, itemId } = target(turn++);
      const table = tables > 0 ? `,"table":"${1 + (turn % tables)}"` : '';
      const body = `{"lines":[{"itemId":"${itemId}","quantity":1}]${table}}`;
      return `POST ${path} HTTP/1.1\r\n${host}content-type: application/json\r\nidempotency-key: ${newId()}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    },
  };
}

function phones(count: number, paths: readonly string[]): Requests {
  const etags = new Map<number, string>();
  const asking = new Map<number, number>();
  let turn = 0;
  return {
    next(connection) {
      const phone = turn++ % count;
      asking.set(connection, phone);
      const known = etags.get(phone);
      const condition = known ? `if-none-match: ${known}\r\n` : '';
      return `GET ${paths[phone % paths.length]} HTTP/1.1\r\n${host}accept-encoding: gzip\r\n${condition}\r\n`;
    },
    answered(connection, head) {
      const etag = /\r\netag: ([^\r]+)/i.exec(head)?.[1];
      if (etag) etags.set(asking.get(connection)!, etag);
    },
  };
}

process.stdout.write(JSON.stringify(await runLoad(task, makeRequests())));
