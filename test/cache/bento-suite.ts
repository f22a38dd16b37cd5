import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { registerCacheDriverTestSuite } from 'bentocache/test_suite';
import { TierDriver } from '../../src/platform/cache/bento-driver.ts';
import type { SecondTier } from '../../src/platform/cache/second-tier.ts';

type Cleanup = () => unknown;
/** What BentoCache's suite, written for another runner, calls its `assert`. */
const ITS_ASSERT = {
  deepEqual: assert.deepEqual,
  notEqual: assert.notEqual,
  isTrue: (value: unknown) => assert.equal(value, true),
  isFalse: (value: unknown) => assert.equal(value, false),
  isUndefined: (value: unknown) => assert.equal(value, undefined),
};

/**
 * Runs the suite that BentoCache gives to writers of drivers, under node:test.
 * @param tier asked for once the services run
 */
export function bentoDriverSuite(name: string, tier: () => SecondTier): void {
  describe(`BentoCache's driver suite on ${name}`, () => {
    registerCacheDriverTestSuite({
      test: (title: string, body: (context: object) => unknown) =>
        test(title, async () => {
          const cleanups: Cleanup[] = [];
          await body({ assert: ITS_ASSERT, cleanup: (cleanup: Cleanup) => cleanups.push(cleanup) });
          for (const cleanup of cleanups) await cleanup();
        }),
      group: {
        setup(begin: () => Promise<Cleanup>) {
          let end: Cleanup;
          before(async () => {
            end = await begin();
          });
          after(() => end());
        },
        tap: () => {},
        each: { teardown: (end: () => Promise<void>) => afterEach(end) },
      },
      createDriver: (options: object) => new TierDriver({ prefix: 'suite', ...options, tier: tier() }),
    } as never);
  });
}
