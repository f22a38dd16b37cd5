import { PERMISSIONS, type Who } from '../../src/contract/index.ts';

/** A JSON schema as the API's description has it. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

/** One thing that can be asked. */
export interface Operation {
  /** Such as `POST /api/v1/stores/{store}/orders`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Names of what stands in braces in the path. */
  readonly params: readonly string[];
  readonly query: readonly string[];
  /** Of a JSON body; undefined: none, or a file. */
  readonly body: Schema | undefined;
  readonly who: Who;
  /** A page or a file, which answers in its own way. */
  readonly isPage: boolean;
}

interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** Read by hand in routes that do not describe them. */
const QUERIES = ['limit', 'cursor', 'token', 'key', 'ticket', 'wait', 'from', 'to', 'by', 'format'];

/** What people open. Not in the API's description, and read from the same address. */
const PAGES = [
  ...['/', '/setup', '/owner', '/join', '/ops', '/sw.js', '/s/{store}', '/s/{store}/t/{table}'],
  ...['/s/{store}/app.webmanifest', '/kitchen/{store}', '/board/{store}', '/w/{store}', '/hall/{store}'],
  ...['/bills/{store}', '/door/{store}', '/owner/{store}', '/menu/{store}', '/qr/{store}', '/staff/{store}'],
  ...['/photos/{photo}', '/photos/{photo}/{file}', '/assets/{file}', '/sandbox-pay/{payment}', '/nothing/{file}'],
];

/** Every operation of the API's own description, and the pages. @param described the body of `/api/openapi.json` */
export function operationsOf(described: { readonly paths: Readonly<Record<string, object>> }): Operation[] {
  const api = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Described>).map(([verb, operation]): Operation => {
      const method = verb.toUpperCase();
      const named = (operation.parameters ?? []).filter((each) => each.in === 'query').map((each) => each.name);
      return {
        name: `${method} ${path}`,
        method,
        path,
        params: paramsOf(path),
        query: [...new Set([...named, ...(method === 'GET' ? QUERIES : [])])],
        body: operation.requestBody?.content['application/json']?.schema,
        who: PERMISSIONS[`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`] ?? 'all',
        isPage: false,
      };
    }),
  );
  const pages = PAGES.map((path): Operation => {
    const rest = { query: ['token', 'k'], body: undefined, who: 'all', isPage: true } as const;
    return { name: `GET ${path}`, method: 'GET', path, params: paramsOf(path), ...rest };
  });
  return [...api, ...pages];
}

const paramsOf = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
