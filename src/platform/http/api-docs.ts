import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { HttpServer } from './server.ts';

/** Swagger UI's page has white on pastel, and says nothing of its width, so that a phone shows it at a third of its size. */
const READABLE = `
.swagger-ui .info .title small { background: #5a5a5a; }
.swagger-ui .info .title small.version-stamp { background: #2f5d00; }
.swagger-ui .info .title small pre { color: #fff; }
.swagger-ui .info .base-url, .swagger-ui .info a.link, .swagger-ui .info .link .url { color: #0b4fb0; }
.swagger-ui .btn.authorize { border-color: #1d6b3c; color: #1d6b3c; }
.swagger-ui .btn.authorize svg { fill: #1d6b3c; }
.swagger-ui .opblock-get .opblock-summary-method { background: #1b5fb0; }
.swagger-ui .opblock-post .opblock-summary-method { background: #1d6b3c; }
.swagger-ui .opblock-put .opblock-summary-method { background: #8a4b00; }
.swagger-ui .opblock-delete .opblock-summary-method { background: #b3261e; }
.swagger-ui .opblock .opblock-summary-description { color: #3b4151; }
.swagger-ui .info code { background: #f3f3f3; color: #6b1f7a; }
@media (max-width: 600px) { .swagger-ui .opblock .opblock-summary-description { display: none; } }
`;
const VIEWPORT = `document.head.append(
  Object.assign(document.createElement('meta'), { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
);`;

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
    theme: {
      title: 'Matjip API',
      css: [{ filename: 'theme.css', content: READABLE }],
      js: [{ filename: 'theme.js', content: VIEWPORT }],
    },
  });
  http.get('/api/openapi.json', { schema: { hide: true } }, async () => http.swagger());
}
