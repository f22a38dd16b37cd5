import { Agent, request } from 'undici';
import { Problem } from '../../platform/http/problem.ts';
import { refOf } from '../intents.ts';
import type { PaymentProvider, ProviderPayment } from '../ports.ts';
import type { SandboxKeys } from './book.ts';
import { SANDBOX_HEADER, SANDBOX_PATH } from './service.ts';
import { SIGNATURE_HEADER, whyNotGenuine } from './signature.ts';

export interface SandboxProviderOptions {
  /** Where this process reaches the sandbox, and the sandbox us: the server that both are part of. */
  readonly url: () => string;
  readonly keys: () => Promise<SandboxKeys>;
  readonly timeoutMs: number;
}

/** The sandbox as a provider, spoken with over HTTP as any other would be: this file is what another provider needs one of. */
export function createSandboxProvider({
  url,
  keys,
  timeoutMs,
}: SandboxProviderOptions): PaymentProvider & { close(): Promise<void> } {
  const agent = new Agent({ connections: 4 });

  /** @returns undefined for 404 @throws Error for whatever else is not a success */
  async function call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T | undefined> {
    const answer = await request(`${url()}${SANDBOX_PATH}/v1/payments${path}`, {
      method,
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${(await keys()).apiKey}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    // Only from the sandbox itself "there is no such payment" is an answer.
    if (answer.statusCode === 404 && answer.headers[SANDBOX_HEADER]) {
      await answer.body.dump();
      return undefined;
    }
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`The payment provider answered ${answer.statusCode}.`);
    }
    return (await answer.body.json()) as T;
  }

  return {
    name: 'sandbox',
    async create({ key, ...payment }) {
      const notifyUrl = `${url()}/api/v1/payments/notifications`;
      const made = await call<ProviderPayment>('POST', `/${key}`, { ...payment, notifyUrl });
      if (!made) throw new Error('The payment provider is not where it should be.');
      return made;
    },
    find: (key) => call('GET', `/${key}`),
    cancel: (key) => call('POST', `/${key}/cancel`),
    async refund({ id, key, amount }) {
      const answer = await call<{ state: 'done' | 'refused' }>('POST', `/${key}/refunds/${id}`, { amount });
      return answer?.state ?? 'refused';
    },
    async changed(from, to, cursor) {
      const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), ...(cursor && { cursor }) });
      const page = await call<Awaited<ReturnType<PaymentProvider['changed']>>>('GET', `?${query}`);
      if (!page) throw new Error('The payment provider is not where it should be.');
      return page;
    },
    async readNotification(headers, body, nowMs) {
      const why = whyNotGenuine((await keys()).signingSecret, headers[SIGNATURE_HEADER], body, nowMs);
      if (why) {
        throw new Problem('signature-refused', {
          detail: `The signature ${why}.`,
          fields: [{ field: SIGNATURE_HEADER, problem: why, allowed: 't=…,v1=… of this body, a short time old' }],
        });
      }
      const payment = paymentIn(body.toString('utf8'));
      if (payment === undefined || !refOf(payment)) {
        throw new Problem('invalid', { fields: [{ field: 'payment', problem: 'is no key of this shop' }] });
      }
      return payment;
    },
    close: () => agent.destroy(),
  };
}

function paymentIn(text: string): string | undefined {
  try {
    const { payment } = JSON.parse(text) as { payment?: unknown };
    return typeof payment === 'string' ? payment : undefined;
  } catch {
    return undefined;
  }
}
