import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import type { WebhookDelivery } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import {
  ForbiddenAddress,
  isPublicAddress,
  parseOutgoingUrl,
  publicLookup,
} from '../platform/http/addresses/outgoing-address.ts';

/** Sends one event to one address, once. @throws Error whose message says why it did not arrive */
export type Deliver = (target: { url: string; secret: string }, delivery: WebhookDelivery) => Promise<void>;

export interface DeliveryBounds {
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs: number;
  /** To one server: as many as there are deliveries at once, because a franchise may have one receiver for all its stores. */
  readonly connectionsMax: number;
  readonly allowPrivate: boolean;
}

/** More of an answer than this is not even read. */
const ANSWER_BYTES_MAX = 16 * 1024;

/**
 * What the receiver computes as well: HMAC-SHA256 over `<timestamp>.<body>`. The time is inside, so that an old message
 * cannot be sent again by somebody else.
 */
export const sign = (secret: string, timestampS: number, body: string): string =>
  createHmac('sha256', secret).update(`${timestampS}.${body}`).digest('hex');

export function createDeliver(
  { timeoutMs, connectionsMax, allowPrivate }: DeliveryBounds,
  now: Clock,
): Deliver & { close(): Promise<void> } {
  const agent = new Agent({
    connect: { timeout: timeoutMs, ...(!allowPrivate && { lookup: publicLookup }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 10_000,
    connections: connectionsMax,
    maxResponseSize: ANSWER_BYTES_MAX,
  });
  const deliver: Deliver = async ({ url, secret }, delivery) => {
    const target = parseOutgoingUrl(url, allowPrivate);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    // An address instead of a name is connected to without a look-up.
    if (!allowPrivate && isIP(host) && !isPublicAddress(host))
      throw new ForbiddenAddress('is not on the public internet');
    const body = JSON.stringify(delivery);
    const timestampS = Math.floor(now() / 1_000);
    // Redirects are not followed: they could lead anywhere.
    const answer = await request(target, {
      method: 'POST',
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Matjip-Webhook/1',
        'matjip-delivery': delivery.id,
        'matjip-signature': `t=${timestampS},v1=${sign(secret, timestampS, body)}`,
      },
      body,
    });
    await answer.body.dump({ limit: ANSWER_BYTES_MAX });
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      throw new Error(`The receiver answered ${answer.statusCode}.`);
    }
  };
  return Object.assign(deliver, { close: () => agent.destroy() });
}
