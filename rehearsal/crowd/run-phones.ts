import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Static } from 'typebox';
import type { MenuView, StorePage } from '../../src/contract/index.ts';
import type { PhoneCrowd, PhoneCrowdOptions, PhoneLoad } from './phone-crowd.ts';
import type { Usefulness } from './usefulness.ts';

export interface PhonesRunOptions
  extends Partial<Pick<PhoneCrowdOptions, 'timeoutMs' | 'usefulMs' | 'seed' | 'ledger'>> {
  readonly url: string;
  readonly phones: number;
  /** Unset: the first store. */
  readonly storeId?: string;
  /** The program that starts Node, such as `['taskset', '-c', '1', process.execPath]`. */
  readonly command?: readonly string[];
}

const PROCESS = join(import.meta.dirname, 'phones-process.ts');
/** Beyond a load's own time: the last answers, and every try again of a phone that waits as it is told. */
const GRACE_MS = 120_000;

/**
 * Opens a crowd of phones in a process of its own, connected and at rest.
 * @throws Error in one line when the server cannot be asked for its menu, not everybody can connect, or the process dies
 */
export async function openPhones(options: PhonesRunOptions): Promise<PhoneCrowd> {
  const { phones, timeoutMs = 5_000, usefulMs = 1_000, seed = 'matjip', ledger } = options;
  const url = new URL(options.url);
  const storeId =
    options.storeId ?? (await get<Static<typeof StorePage>>(new URL('/api/v1/stores', url))).body.items[0]?.id;
  if (!storeId) throw new Error(`${options.url} has no store.`);
  const { body: menu, etag } = await get<MenuView>(new URL(`/api/v1/stores/${storeId}/menu`, url));
  const [execPath, ...execArgv] = options.command ?? [process.execPath];
  const child = fork(PROCESS, { execPath: execPath!, execArgv, serialization: 'json' });
  const open: PhoneCrowdOptions = {
    host: url.hostname,
    port: Number(url.port || 80),
    phones,
    storeId,
    menu,
    etag,
    timeoutMs,
    usefulMs,
    seed,
    ...(ledger !== undefined && { ledger }),
  };
  await ask(child, { open }, GRACE_MS);
  return {
    offer: (load: PhoneLoad) => ask<Usefulness>(child, { offer: load }, load.durationS * 1000 + GRACE_MS),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.send('close');
      await gone;
    },
  };
}

/** One question to the process, one answer. A process that does not answer in time is killed. */
function ask<T>(child: ChildProcess, question: object, withinMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const fail = (why: string) => {
      settle();
      child.kill('SIGKILL');
      reject(new Error(why));
    };
    const late = setTimeout(() => fail('The process of the phones does not answer.'), withinMs);
    const hear = (answer: { done: T } | { failed: string }) => {
      if ('failed' in answer) return fail(answer.failed);
      settle();
      resolve(answer.done);
    };
    const gone = () => fail('The process of the phones has ended.');
    const settle = () => {
      clearTimeout(late);
      child.off('message', hear).off('exit', gone);
    };
    child.on('message', hear).on('exit', gone);
    child.send(question);
  });
}

async function get<T>(url: URL): Promise<{ body: T; etag: string | undefined }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`GET ${url.href} was answered with ${response.status}.`);
  return { body: (await response.json()) as T, etag: response.headers.get('etag') ?? undefined };
}
