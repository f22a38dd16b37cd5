import { Pool } from 'undici';

/** What a plain client costs: menu reads through a bare undici pool at a steady rate, for `measure-cost.ts`. */
export interface PlainLoad {
  readonly url: string;
  readonly path: string;
  readonly etag: string;
  readonly rate: number;
  readonly durationS: number;
}

const CONNECTIONS = 200;
/** As in the crowd, about one menu in nine is read for the first time. */
const FIRST_EVERY = 9;

process.once('message', async ({ url, path, etag, rate, durationS }: PlainLoad) => {
  const pool = new Pool(url, { connections: CONNECTIONS });
  const kept = { 'accept-encoding': 'gzip', 'if-none-match': etag };
  const first = { 'accept-encoding': 'gzip' };
  const usage = process.cpuUsage();
  const beganAt = performance.now();
  let sent = 0;
  const answers: Promise<unknown>[] = [];
  await new Promise<void>((resolve) => {
    const tick = () => {
      const elapsedMs = performance.now() - beganAt;
      for (; sent < (Math.min(elapsedMs, durationS * 1000) * rate) / 1000; sent++) {
        const headers = sent % FIRST_EVERY === 0 ? first : kept;
        answers.push(pool.request({ path, method: 'GET', headers }).then(({ body }) => body.dump()));
      }
      if (elapsedMs < durationS * 1000) setTimeout(tick, 1);
      else resolve();
    };
    tick();
  });
  await Promise.all(answers);
  const { user, system } = process.cpuUsage(usage);
  process.send!({ microseconds: (user + system) / sent }, () => process.disconnect());
});
process.once('disconnect', () => process.exit());
