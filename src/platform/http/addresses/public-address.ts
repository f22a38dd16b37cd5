import { networkInterfaces } from 'node:os';
import type { Config } from '../../../config.ts';

/** What links and QR codes begin with. */
export interface PublicAddress {
  /** Such as `https://eat.example`; null: nobody said, and the page that is looked at knows best. */
  base(): string | null;
  /** Tells where this process listens, which nobody knows before it does when `PORT` is 0. */
  listensAt(url: string): void;
}

const LOOPBACK = /^(127\.|::1$|\[::1\]$|localhost$)/;

/** An address of this machine in its local network, which phones in the same Wi-Fi reach; undefined: it has none. */
function lanAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outside = all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
  // The house's own network before that of a container bridge or a tunnel.
  const ofHouses = /^(192\.168\.|10\.)/;
  return outside.find((address) => ofHouses.test(address)) ?? outside[0];
}

/**
 * `PUBLIC_URL`, or else an address by which other devices reach a server that listens to them: a link with `localhost` or `0.0.0.0`
 * inside opens on no phone.
 */
export function createPublicAddress({ publicUrl, host }: Pick<Config, 'publicUrl' | 'host'>): PublicAddress {
  let found: string | null = publicUrl ?? null;
  return {
    base: () => found,
    listensAt(url) {
      if (publicUrl || LOOPBACK.test(host)) return;
      const isAnywhere = host === '0.0.0.0' || host === '::';
      const name = isAnywhere ? lanAddress() : host.includes(':') ? `[${host}]` : host;
      if (name) found = `http://${name}:${new URL(url).port || '80'}`;
    },
  };
}
