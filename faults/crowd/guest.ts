import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { orderKey } from '../../rehearsal/crowd/order-key.ts';
import type { Random } from '../../rehearsal/crowd/random.ts';
import type { LedgerFile } from './ledger-file.ts';
import type { CrowdPlan } from './plan.ts';

/** What a request came to; status 0: the connection failed. */
interface Heard {
  readonly status: number;
  readonly problem: string | null;
  readonly body: { readonly number?: number; readonly total?: number; readonly token?: string };
  readonly retryAfterS: number | null;
}

interface Body {
  readonly variant: 0 | 1;
  readonly lines: readonly { readonly itemId: string; readonly quantity: number }[];
  readonly cost: number;
}

export interface GuestParts {
  readonly plan: CrowdPlan;
  readonly random: Random;
  readonly ledger: LedgerFile;
  readonly agent: Dispatcher;
  /** Told once an order was acknowledged. */
  acknowledged(): void;
  /** Guests give up by then, in milliseconds since 1970. */
  givesUpAtMs(): number;
}

/** After a connection's error, as the page does; at random, so that those who heard it together do not come back together. */
const BREATH_MS = { from: 100, to: 500 };
/** Who is told to come again comes again then, and not later than this. */
const RETRY_AFTER_MAX_S = 3;
const CANCEL_TAPS_MAX = 3;

/** One guest, who arrives, orders, does not give up, and may change their mind. Resolves when they have gone. */
export async function beGuest(parts: GuestParts, place: number, dueMs: number): Promise<void> {
  const { plan, random, ledger } = parts;
  const dish = plan.dishes[random.integer(plan.dishes.length)]!;
  const quantity = 1 + random.integer(plan.portionsMax ?? 3);
  const bodyOf = (variant: 0 | 1): Body => ({
    variant,
    lines: [{ itemId: dish.id, quantity: quantity + variant }],
    cost: dish.price * (quantity + variant),
  });
  const key = orderKey(random, Date.now() + (plan.phonesOffMs ?? 0));
  const { tapsMin = 1, tapsMax = tapsMin } = plan;
  const taps = tapsMin + random.integer(tapsMax - tapsMin + 1);
  const changes = random.next() < (plan.changedShare ?? 0);
  const takesBack = random.next() < (plan.cancelShare ?? 0);
  const cancelTaps = 1 + random.integer(CANCEL_TAPS_MAX);
  const bodies = Array.from({ length: taps }, () => bodyOf(0));
  if (changes) bodies.splice(random.integer(taps + 1), 0, bodyOf(1));
  const path = `/api/v1/stores/${plan.storeId}/orders`;

  const sendOrder = async (server: number, body: Body): Promise<Heard> => {
    await ledger.durable({ kind: 'order', key, variant: body.variant, expected: body.cost, atMs: nowMs(), dueMs });
    const sentMs = nowMs();
    const heard = await ask(parts, server, 'POST', path, { 'idempotency-key': key }, { lines: body.lines });
    const { number = null, total = null } = heard.status < 300 ? heard.body : {};
    ledger.write({
      kind: 'order-answer',
      key,
      variant: body.variant,
      expected: body.cost,
      number,
      total,
      dueMs,
      status: heard.status,
      problem: heard.problem,
      retryAfterS: heard.retryAfterS,
      atMs: nowMs(),
      tookMs: nowMs() - sentMs,
    });
    return heard;
  };

  for (let attempt = 0; nowMs() < parts.givesUpAtMs(); attempt += 1) {
    const answers = await Promise.all(bodies.map((body) => sendOrder(place + attempt, body)));
    const taken = answers.findIndex(({ status }) => status === 200 || status === 201);
    if (taken >= 0) {
      parts.acknowledged();
      if (changes) await sendOrder(place, bodyOf(bodies[taken]!.variant === 0 ? 1 : 0));
      if (takesBack) await cancel(parts, place, { key, token: answers[taken]!.body.token!, taps: cancelTaps });
      return;
    }
    const decided = answers.some(({ status }) => status >= 400 && status < 500 && status !== 429 && status !== 408);
    if (decided) return;
    const told = Math.max(...answers.map(({ retryAfterS }) => Math.min(retryAfterS ?? 0, RETRY_AFTER_MAX_S)));
    await delay(told * 1_000 + BREATH_MS.from + random.integer(BREATH_MS.to - BREATH_MS.from));
  }
}

async function cancel(
  parts: GuestParts,
  place: number,
  { key, token, taps }: { readonly key: string; readonly token: string; readonly taps: number },
): Promise<void> {
  const { plan, ledger } = parts;
  const path = `/api/v1/stores/${plan.storeId}/orders/${key}`;
  await Promise.all(
    Array.from({ length: taps }, async () => {
      await ledger.durable({ kind: 'cancel', key, atMs: nowMs() });
      const sentMs = nowMs();
      const { status, problem } = await ask(parts, place, 'DELETE', path, { authorization: `Bearer ${token}` });
      ledger.write({ kind: 'cancel-answer', key, status, problem, atMs: nowMs(), tookMs: nowMs() - sentMs });
    }),
  );
}

/** Looks at the menu once. */
export async function readMenu({ plan, ledger, agent }: GuestParts, server: number): Promise<void> {
  const sentMs = nowMs();
  const path = `/api/v1/stores/${plan.storeId}/menu`;
  const { status, problem } = await ask({ plan, agent }, server, 'GET', path, {});
  ledger.write({ kind: 'menu-answer', status, problem, atMs: nowMs(), tookMs: nowMs() - sentMs });
}

/** One request. It never throws: an error of the connection is what was heard. */
async function ask(
  { plan, agent }: Pick<GuestParts, 'plan' | 'agent'>,
  server: number,
  method: Dispatcher.HttpMethod,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Heard> {
  const origin = plan.urls[server % plan.urls.length]!;
  try {
    const answer = await agent.request({
      origin,
      path,
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const isJson = /json/.test(String(answer.headers['content-type']));
    const said = isJson && method !== 'GET' ? JSON.parse(text) : {};
    const retryAfterS = Number(answer.headers['retry-after']);
    return {
      status: answer.statusCode,
      problem: answer.statusCode < 400 ? null : (said.type ?? 'no problem+json'),
      body: said,
      retryAfterS: retryAfterS > 0 ? retryAfterS : null,
    };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return { status: 0, problem: code ?? name, body: {}, retryAfterS: null };
  }
}

/** Since 1970, finer than a millisecond, and without a step when somebody sets the machine's clock. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
