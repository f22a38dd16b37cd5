import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { HttpServer } from './server.ts';

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
  await http.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true, layout: 'BaseLayout' },
  });
  http.get('/api/openapi.json', { schema: { hide: true } }, async () => http.swagger());
}
