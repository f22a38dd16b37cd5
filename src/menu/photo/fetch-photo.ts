import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { ForbiddenAddress } from '../../platform/http/addresses/outgoing-address.ts';

export interface FetchBounds {
  /** From the look-up of the name to the last byte, redirects included. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
  readonly redirectsMax: number;
  /** To all servers together. */
  readonly connectionsMax: number;
}

/** Which addresses may be asked; see `src/platform/http/addresses/outgoing-address.ts`. */
export interface AddressRules {
  /** @throws ForbiddenAddress */
  parse(text: string): URL;
  /** Looks a name up and answers with what may be connected to only; unset: any. */
  readonly lookup?: LookupFunction;
}

/** Why a photo cannot be had at an address; `isFinal`: another try would end the same. */
export class NoPhoto extends Error {
  override readonly name = 'NoPhoto';
  readonly isFinal: boolean;
  constructor(message: string, isFinal: boolean) {
    super(message);
    this.isFinal = isFinal;
  }
}

/** Fetches a picture of somebody else's. @throws NoPhoto whose message is for the owner who named the address */
export type FetchPhoto = (address: string) => Promise<Buffer>;

/** Reads no more of an answer; that it was broken off is no news. */
const drop = (body: Readable): void => void body.on('error', () => {}).destroy();

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/**
 * Every address on the way is checked as a webhook's is: its text here, and what its name means at the moment of the connection, which goes
 * to exactly what was checked. So neither a redirect nor a name that changes its mind leads into one's own network.
 */
export function createFetchPhoto(bounds: FetchBounds, rules: AddressRules): FetchPhoto & { close(): Promise<void> } {
  const { timeoutMs, bytesMax, redirectsMax, connectionsMax } = bounds;
  const agent = new Agent({
    connect: { timeout: timeoutMs, ...(rules.lookup && { lookup: rules.lookup }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 1_000,
    connections: connectionsMax,
    maxResponseSize: bytesMax,
  });

  async function take(address: string, signal: AbortSignal): Promise<Buffer> {
    let target = rules.parse(address);
    for (let redirects = 0; ; redirects += 1) {
      const answer = await request(target, {
        dispatcher: agent,
        signal,
        headers: { accept: 'image/webp,image/jpeg,image/png', 'user-agent': 'Matjip-Photos/1' },
      });
      const { location } = answer.headers;
      if (isRedirect(answer.statusCode) && typeof location === 'string') {
        drop(answer.body);
        if (redirects === redirectsMax) throw new NoPhoto('leads from one address to the next', true);
        const next = URL.parse(location, target.href);
        if (!next) throw new NoPhoto('leads to no address', true);
        target = rules.parse(next.href);
        continue;
      }
      if (answer.statusCode !== 200) {
        drop(answer.body);
        const isFinal = answer.statusCode < 500 && answer.statusCode !== 429 && answer.statusCode !== 408;
        throw new NoPhoto(`answers ${answer.statusCode}`, isFinal);
      }
      // Its own word first, then what really comes, which the agent counts.
      if (Number(answer.headers['content-length'] ?? 0) > bytesMax) {
        drop(answer.body);
        throw tooLarge(bytesMax);
      }
      return Buffer.from(await answer.body.arrayBuffer());
    }
  }

  const fetchPhoto: FetchPhoto = async (address) => {
    try {
      return await take(address, AbortSignal.timeout(timeoutMs));
    } catch (error) {
      throw toNoPhoto(error as Error & { code?: string }, bytesMax);
    }
  };
  return Object.assign(fetchPhoto, { close: () => agent.destroy() });
}

const tooLarge = (bytesMax: number): NoPhoto => new NoPhoto(`is larger than ${bytesMax / 1_000_000} MB`, true);

function toNoPhoto(error: Error & { code?: string; cause?: unknown }, bytesMax: number): NoPhoto {
  if (error instanceof NoPhoto) return error;
  // A look-up's refusal comes as the cause of the connection's failure or as itself.
  const forbidden = [error, error.cause].find((each) => each instanceof ForbiddenAddress);
  if (forbidden) return new NoPhoto((forbidden as Error).message, true);
  if (error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return tooLarge(bytesMax);
  return new NoPhoto(error.name === 'TimeoutError' ? 'does not answer in time' : 'cannot be reached', false);
}
