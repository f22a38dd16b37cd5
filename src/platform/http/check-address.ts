import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Listens for a moment where the server will, so that a taken port is known before anything is started or written.
 * @throws the system's error, with the address and the port in it
 */
export async function checkAddress(host: string, port: number): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
