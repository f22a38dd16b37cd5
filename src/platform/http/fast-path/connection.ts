import type { RequestHead } from './request-head.ts';

/** What the fast path knows of one connection beside what its socket knows. */
export class Connection {
  /** Node's parser has read from it; before that a connection costs a tenth of the memory. */
  isParsed = false;
  /** Everything so far came as whole messages, so the next byte begins one. Once lost, never regained. */
  atBoundary = true;
  /** Bytes of a body that are still to come. */
  bodyMissing = 0;
  /** Requests that the parser has got and that are not answered yet. */
  inFlight = 0;
  isKept = false;
  /** It comes from a proxy that is trusted. */
  isProxy = false;
  /** How often the loop had slept when it was accepted; -1 after its first request. */
  acceptedAtSleep = -1;
  /** It was refused a moment ago; until then it is answered only while there is time for more refusals. */
  restUntilMs = 0;
  /** An answer that will lie ready in a moment. */
  isAwaited = false;
  /** Its ready answer has waited for time already: it is given whatever else there is to do. */
  hasWaited = false;
  /** What came meanwhile. */
  held: Buffer | undefined;
  /** What is held is this request, whose head was read before there was no time for it, and nothing more. */
  heldHead: RequestHead | undefined;
  /** When what is held, or is being handed to the parser in this moment, may have arrived. */
  arrivedMs = 0;
  /** The request that is being handed to the parser has been let in. */
  isAdmitted = false;
}
