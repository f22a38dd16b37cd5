import swagger from '@fastify/swagger';
import { pageHeaders } from '../answer/security-headers.ts';
import type { HttpServer } from '../server.ts';
import { docsPage, type OpenApi } from './docs-page.ts';

/** The API described by the very schemas that check it: `/api/openapi.json`, and readable at `/docs`. */
export async function apiDocs(http: HttpServer): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Matjip',
        version: '1',
        description:
          'Ordering for restaurants. Errors are `application/problem+json` with a `type` from a closed list (docs/errors.md). Money is an integer of the minor unit.',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'a guest token or a staff key' } },
      },
      tags: ['stores', 'menu', 'orders', 'kitchen', 'operations'].map((name) => ({ name })),
    },
    hideUntagged: true,
  });
  http.get('/api/openapi.json', { schema: { hide: true } }, async () => http.swagger());
  // The routes are complete when the server listens, and never change after.
  let page: string | undefined;
  http.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    page ??= docsPage(http.swagger() as unknown as OpenApi);
    return reply.headers(pageHeaders(page)).type('text/html; charset=utf-8').send(page);
  });
}
