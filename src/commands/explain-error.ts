import { ConfigError, readConfig } from '../config.ts';
import { Problem } from '../platform/http/problem.ts';

interface SystemError extends Error {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly errors?: readonly SystemError[];
}

/**
 * What a person is told about an error that ended a command: its message, in words that help where the system's own
 * do not. The stack is for those who ask by LOG_LEVEL=debug; nobody else gains from it.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = fieldsOf(error) ?? inWords(error) ?? error.message;
  return wantsStack() && !(error instanceof ConfigError) ? `${message}\n${error.stack}` : message;
}

/** A line for each field that is wrong. */
function fieldsOf(error: Error): string | undefined {
  const { fields } = error instanceof Problem ? error.toBody() : {};
  return fields
    ?.map(({ field, problem, allowed }) => `${field} ${problem}${allowed ? ` (allowed: ${allowed})` : ''}`)
    .join('\n');
}

function inWords(error: SystemError): string | undefined {
  // A name with several addresses fails once for each; the message of the sum is empty.
  const { code, address, port } = error.errors?.[0] ?? error;
  const place = `${address}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${address} is taken: stop what uses it, or set PORT to another (0 takes any free one).`;
    case 'EACCES':
      return port ? `Port ${port} may not be used by this account: set PORT to one above 1023.` : undefined;
    case 'EADDRNOTAVAIL':
      return `HOST=${address} is no address of this machine: 127.0.0.1 serves this machine only, 0.0.0.0 everybody.`;
    case 'ECONNREFUSED':
      return `Nothing answers at ${place}: start the service there, or correct DATABASE_URL, REDIS_URL or CACHE_URL.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no machine by the name in DATABASE_URL, REDIS_URL or CACHE_URL (${error.message}).`;
    case '28P01':
    case '28000':
      return `Postgres refuses the name or the password in DATABASE_URL: ${error.message}.`;
    case '3D000':
      return `The database in DATABASE_URL is missing (${error.message}): create it first.`;
  }
  return undefined;
}

function wantsStack(): boolean {
  try {
    return readConfig().logLevel === 'debug';
  } catch {
    return false;
  }
}
