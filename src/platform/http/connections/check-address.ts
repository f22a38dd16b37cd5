import { once } from 'node:events';
import { createServer } from 'node:net';
import { ConfigError } from '../../../config.ts';

/**
 * Listens for a moment where the server will, so that a taken port is known before anything is started or written.
 * @throws the system's error, with the address and the port in it; ConfigError for a name that is no address
 */
export async function checkAddress(host: string, port: number): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'getaddrinfo') throw error;
    throw new ConfigError(
      `HOST=${host}: no machine has this name (${error.code}); 127.0.0.1 serves this machine only, 0.0.0.0 everybody.`,
    );
  });
  probe.close();
  await once(probe, 'close');
}
