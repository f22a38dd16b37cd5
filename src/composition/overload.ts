import { BOUNDS } from '../config.ts';
import { createMenuFastPath } from '../menu/index.ts';
import { createLineFastPath } from '../order/index.ts';
import type { Asked } from '../platform/http/fast-path/request-head.ts';
import { installOverloadControl } from '../platform/overload/overload-control.ts';
import type { House } from './house.ts';
import type { Ordering } from './ordering.ts';

/** Puts overload control in front of the server, and with it the fast paths: what is answered from ready bytes, before Node's parser. */
export function controlOverload(
  { config, http, stores, menuCache, access, metrics, trustProxy, clientOf }: House,
  { intake, line, acknowledged }: Ordering,
): void {
  const menuFastPath = createMenuFastPath(menuCache);
  const clientOfAsked = (asked: Asked) =>
    clientOf({
      headers: { 'x-forwarded-for': asked.header('x-forwarded-for') },
      socket: { remoteAddress: asked.peer },
    });
  const lineFastPath = createLineFastPath(line, stores.knownIdIn, config.limits === 'on' ? clientOfAsked : undefined);
  const overload = installOverloadControl({
    server: http.server,
    ready: (asked) => menuFastPath(asked) ?? lineFastPath.ready(asked),
    isProxy: (address) => trustProxy(address, 0),
    line: lineFastPath,
    orderQueue: intake.loadOf,
    storeIdOf: ({ url }) => stores.knownIdIn(url),
    isStaff: (asked) => access.isProved(asked, stores.knownIdIn(asked.url)),
    isReplay: (asked) => acknowledged.knows(asked.header('idempotency-key') ?? ''),
    isOn: config.overload === 'on',
    bounds: { ...BOUNDS.overload, silenceMs: BOUNDS.slowHeads.headersTimeoutMs },
    metrics: metrics.overload,
    times: metrics.requests,
  });
  http.addHook('preClose', async () => overload.close());
}
