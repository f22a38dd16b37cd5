import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { pagePlaceOf, type StoreView } from '../contract/index.ts';
import type { MenuCache } from '../menu/index.ts';
import type { Outcome } from '../platform/cache/cache.ts';
import { type ReadyBody, sendReady } from '../platform/http/answer/ready-body.ts';
import { pageHeaders } from '../platform/http/answer/security-headers.ts';
import { Problem } from '../platform/http/problem.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Store, StoreDirectory } from '../store/index.ts';
import { canonicalPage, isPage } from './addresses.ts';
import { createGuestPage, HTML } from './guest-page.ts';

/** Where the pages are built. */
export const WEB_FOLDER = fileURLToPath(new URL('../../dist/web', import.meta.url));
/** The guest's page is chosen by it, where the address does not say the language. */
const LANGUAGE = 'Accept-Language';

/** A built page, with its headers: it talks to its own server only, dishes' photos included. */
interface Shell {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PageRoutesDeps {
  readonly stores: StoreDirectory;
  readonly menuCache: MenuCache;
  /** A store as the wire has it. */
  readonly storeView: (store: Store) => StoreView;
  /** What links begin with; null: as the reader came. */
  readonly base: () => string | null;
}

/** What a phone needs to put a store on its home screen. A maskable icon is cut to a circle by some; the bowl stays inside. */
const appManifest = (slug: string, name: string, icon: string | undefined) => ({
  id: `/s/${slug}`,
  name,
  short_name: name,
  start_url: `/s/${slug}`,
  scope: '/',
  display: 'standalone',
  theme_color: '#c2261d',
  background_color: '#fff8f0',
  icons: ['any', 'maskable'].map((purpose) => ({ src: icon, sizes: '512x512', type: 'image/png', purpose })),
});

/**
 * The built pages. The guest page carries its store and menu, as words and as data, so that its first paint needs one request.
 */
export async function pageRoutes(
  http: HttpServer,
  { stores, menuCache, storeView, base }: PageRoutesDeps,
): Promise<void> {
  if (!existsSync(WEB_FOLDER)) {
    http.log.warn('The pages are not built yet (npm start builds them); only the API answers.');
    return;
  }
  const headersOf = (html: string) => ({ ...pageHeaders(html), 'cache-control': 'no-cache' });
  const shell = (name: string): Shell => {
    const html = readFileSync(`${WEB_FOLDER}/${name}/index.html`, 'utf8');
    return { html, headers: headersOf(html) };
  };
  const guest = createGuestPage(WEB_FOLDER);
  const guestHeaders = headersOf(guest.html);
  const homeShell = shell('home');
  const opsShell = shell('ops');
  const setupShell = shell('setup');
  const ownerShell = shell('owner');
  const staffShell = shell('staff');
  /** What QR codes on a page begin with stands in its head, so that a page shows them without asking. */
  const withBase = (html: string): string => {
    const found = base();
    return found ? html.replace('<head>', `<head><meta name="matjip:base" content="${found}" />`) : html;
  };
  const send = (reply: FastifyReply, { headers, html }: Shell, filled = html) =>
    reply.headers(headers).type(HTML).send(filled);
  const sendWithBase = (reply: FastifyReply, page: Shell) => send(reply, page, withBase(page.html));
  await http.register(fastifyStatic, {
    root: `${WEB_FOLDER}/assets`,
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    // The build lays a .br and a .gz beside each asset.
    preCompressed: true,
    decorateReply: false,
  });
  const hidden = { schema: { hide: true, params: Type.Object({ store: Type.String() }) } };
  for (const path of ['/s/:store', '/s/:store/t/:table']) {
    http.get(path, hidden, async (request, reply) => {
      const { lang } = request.query as { lang?: unknown };
      const language = guest.languageOf(lang, request.headers['accept-language']);
      reply.headers(guestHeaders).header('content-language', language);
      let page: ReadyBody;
      let outcome: Outcome;
      try {
        const store = await stores.find(request.params.store);
        if (!pagePlaceOf(request.originalUrl.split('?')[0]!).isReadable) {
          return reply.header('vary', LANGUAGE).type(HTML).send(guest.problem(language, 'error.tableUnreadable'));
        }
        const answer = menuCache.peek(store.id) ?? (await menuCache.read(store.id));
        page = guest.page(answer.value, storeView(store), language);
        outcome = answer.outcome;
      } catch (error) {
        const status = error instanceof Problem ? error.status : 503;
        const canonical = canonicalPage(request.originalUrl);
        if (status === 404 && canonical !== request.originalUrl) return reply.redirect(canonical, 302);
        // A guest is no API client: the page itself says that the address is wrong, or asks again until all is well.
        // A table's key stands behind the question mark, and in no log.
        if (status >= 500) request.log.error({ path: request.url.split('?')[0], reason: (error as Error).message });
        const html = status === 404 ? guest.problem(language, 'error.storeMissing') : guest.waiting();
        return reply.code(status).header('vary', LANGUAGE).type(HTML).send(html);
      }
      return sendReady(request, reply, page, outcome, LANGUAGE) ?? reply;
    });
  }
  http.get('/s/:store/app.webmanifest', hidden, async (request, reply) => {
    const { slug, name } = await stores.find(request.params.store);
    reply.type('application/manifest+json').header('cache-control', 'no-cache');
    return appManifest(slug, name.ko, guest.icon);
  });
  // One page each for every store; who may see what is the API's business.
  for (const [path, page] of Object.entries({
    kitchen: shell('kitchen'),
    board: shell('board'),
    w: shell('waitlist'),
    hall: shell('hall'),
    bills: shell('bills'),
    door: shell('door'),
    owner: ownerShell,
    menu: shell('menu'),
    qr: setupShell,
    staff: staffShell,
  })) {
    http.get(`/${path}/:store`, hidden, async (_request, reply) => sendWithBase(reply, page));
  }
  const serviceWorker = readFileSync(`${WEB_FOLDER}/sw.js`, 'utf8');
  const scriptHeaders = { ...pageHeaders(''), 'cache-control': 'no-cache' };
  http.get('/sw.js', { schema: { hide: true } }, async (_request, reply) =>
    reply.headers(scriptHeaders).type('text/javascript; charset=utf-8').send(serviceWorker),
  );
  http.get('/setup', { schema: { hide: true } }, async (_request, reply) => sendWithBase(reply, setupShell));
  http.get('/owner', { schema: { hide: true } }, async (_request, reply) => sendWithBase(reply, ownerShell));
  // Where an invitation leads: what it opens stands behind the address's #.
  http.get('/join', { schema: { hide: true } }, async (_request, reply) => sendWithBase(reply, staffShell));
  http.get('/ops', { schema: { hide: true } }, async (_request, reply) => send(reply, opsShell));
  http.get('/', { schema: { hide: true } }, async (_request, reply) => send(reply, homeShell));
  http.get('/*', { schema: { hide: true } }, async (request, reply) => {
    // Also for what reads a code without being a browser: scanners and chat programs look where it leads.
    const canonical = canonicalPage(request.originalUrl);
    if (isPage(canonical) && canonical !== request.originalUrl) return reply.redirect(canonical, 302);
    return reply.callNotFound();
  });
}
