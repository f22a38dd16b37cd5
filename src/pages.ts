import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import type { MenuDesk, ReadyMenu } from './menu/index.ts';
import type { HttpServer } from './platform/http/server.ts';
import type { Store, StoreDirectory } from './store/index.ts';

const WEB_FOLDER = fileURLToPath(new URL('../dist/web', import.meta.url));
const DATA_MARK = '<!--matjip:data-->';

/** Pages talk to their own server only; dishes' photos may come from any https address. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'cache-control': 'no-cache',
} as const;

/** JSON inside a script element: no `<` may end it early. */
const embed = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/**
 * The built pages. The guest page carries its store and menu, so that the first paint needs one request; it is made
 * once for each version of the menu and lies on the desk with it.
 */
export async function pageRoutes(http: HttpServer, stores: StoreDirectory, desk: MenuDesk): Promise<void> {
  if (!existsSync(WEB_FOLDER)) {
    http.log.warn('The pages are not built yet (npm start builds them); only the API answers.');
    return;
  }
  const shell = (name: string): string => readFileSync(`${WEB_FOLDER}/${name}/index.html`, 'utf8');
  const guestShell = shell('guest').split(DATA_MARK);
  const kitchenShell = shell('kitchen');
  const homeShell = shell('home');
  const made = new WeakMap<ReadyMenu, { store: string; html: string }>();

  const guestPage = (store: Store, ready: ReadyMenu): string => {
    const storeJson = embed(store);
    const kept = made.get(ready);
    if (kept?.store === storeJson) return kept.html;
    const html = guestShell.join(`{"store":${storeJson},"menu":${embed(ready.menu.view)}}`);
    made.set(ready, { store: storeJson, html });
    return html;
  };
  const send = (reply: FastifyReply, html: string) =>
    reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(html);

  await http.register(fastifyStatic, {
    root: `${WEB_FOLDER}/assets`,
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    decorateReply: false,
  });
  const hidden = { schema: { hide: true, params: Type.Object({ store: Type.String() }) } };
  for (const path of ['/s/:store', '/s/:store/t/:table']) {
    http.get(path, hidden, async (request, reply) => {
      const store = await stores.find(request.params.store);
      const { ready } = desk.peek(store.id) ?? (await desk.read(store.id));
      return send(reply, guestPage(store, ready));
    });
  }
  http.get('/kitchen/:store', hidden, async (_request, reply) => send(reply, kitchenShell));
  http.get('/', { schema: { hide: true } }, async (_request, reply) => send(reply, homeShell));
}
