import { randomBytes } from 'node:crypto';
import Type from 'typebox';
import { WebhookList, WebhookRequest, WebhookView } from '../contract/index.ts';
import type { Db } from '../platform/db/pool.ts';
import { parseOutgoingUrl } from '../platform/http/addresses/outgoing-address.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { idIn, StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { newId } from '../platform/id.ts';
import type { StoreDirectory } from '../store/index.ts';
import { lookAfter } from './outbox.ts';
import { deleteWebhook, insertWebhook, listWebhooks, resumeWebhook, WEBHOOKS_PER_STORE_MAX } from './queries.ts';

export interface WebhookRoutesDeps {
  readonly db: Db;
  readonly stores: StoreDirectory;
  readonly allowPrivate: boolean;
}

const WebhookParams = Type.Object({ store: Type.String(), id: Type.String() });

export function webhookRoutes(http: HttpServer, { db, stores, allowPrivate }: WebhookRoutesDeps): void {
  const noSuchWebhook = () => new Problem('not-found', { detail: 'There is no such webhook.' });

  http.get(
    '/api/v1/stores/:store/webhooks',
    {
      schema: {
        summary: 'Where a store’s events are sent to',
        tags: ['webhooks'],
        params: StoreParams,
        response: { 200: WebhookList },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      return { items: await listWebhooks(db, store.id), next: null };
    },
  );

  http.post(
    '/api/v1/stores/:store/webhooks',
    {
      schema: {
        summary: 'Adds a webhook; the answer has the secret that signs its deliveries, once',
        tags: ['webhooks'],
        params: StoreParams,
        body: WebhookRequest,
        response: { 201: WebhookView },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const { url, events } = request.body;
      try {
        parseOutgoingUrl(url, allowPrivate);
      } catch (error) {
        throw invalidField('url', (error as Error).message, 'an https address on the public internet');
      }
      const secret = `whsec_${randomBytes(24).toString('base64url')}`;
      const made = await insertWebhook(db, store.id, { id: newId(), url, secret, events });
      if (!made) throw invalidField('url', 'is one too many', `${WEBHOOKS_PER_STORE_MAX} webhooks a store`);
      return reply.code(201).send({ ...made, secret });
    },
  );

  http.delete(
    '/api/v1/stores/:store/webhooks/:id',
    { schema: { summary: 'Removes a webhook', tags: ['webhooks'], params: WebhookParams } },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const id = idIn(request.params.id, noSuchWebhook);
      if (!(await deleteWebhook(db, store.id, id))) throw noSuchWebhook();
      return reply.code(204).send();
    },
  );

  http.post(
    '/api/v1/stores/:store/webhooks/:id/resume',
    {
      schema: { summary: 'Takes a paused webhook up again', tags: ['webhooks'], params: WebhookParams },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const webhookId = idIn(request.params.id, noSuchWebhook);
      if (!(await resumeWebhook(db, store.id, webhookId))) throw noSuchWebhook();
      await lookAfter(db, [{ storeId: store.id, webhookId }]);
      return reply.code(204).send();
    },
  );
}
