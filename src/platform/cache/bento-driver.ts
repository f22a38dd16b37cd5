import { BaseDriver } from 'bentocache/drivers/base_driver';
import type { CacheDriver, CreateDriverResult, DriverCommonOptions, L2CacheDriver } from 'bentocache/types';
import type { SecondTier } from './second-tier.ts';

interface DriverOptions extends DriverCommonOptions {
  readonly tier: SecondTier;
}

/** BentoCache's second layer on any of our second tiers. Who opened the tier closes it. */
export function tierDriver(tier: SecondTier): CreateDriverResult<L2CacheDriver> {
  return { options: { tier }, factory: (options: DriverOptions) => new TierDriver(options) };
}

export class TierDriver extends BaseDriver implements CacheDriver {
  readonly type = 'l2';
  readonly #tier: SecondTier;

  constructor(options: DriverOptions) {
    super(options);
    this.#tier = options.tier;
  }

  namespace(namespace: string): TierDriver {
    return new TierDriver({ ...this.config, tier: this.#tier, prefix: this.createNamespacePrefix(namespace) });
  }

  get(key: string): Promise<string | undefined> {
    return this.#tier.get(this.getItemKey(key));
  }

  async pull(key: string): Promise<string | undefined> {
    const value = await this.get(key);
    if (value !== undefined) await this.delete(key);
    return value;
  }

  async set(key: string, value: string, lifetimeMs?: number): Promise<boolean> {
    await this.#tier.set(this.getItemKey(key), value, lifetimeMs);
    return true;
  }

  clear(): Promise<void> {
    return this.#tier.clear(this.prefix);
  }

  delete(key: string): Promise<boolean> {
    return this.#tier.delete(this.getItemKey(key));
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    await Promise.all(keys.map((key) => this.delete(key)));
    return true;
  }

  async disconnect(): Promise<void> {}
}
