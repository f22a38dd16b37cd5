import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createBacklog } from './backlog.ts';
import { Connection } from './connection.ts';
import { createReadAge, type ReadAge } from './read-age.ts';
import { type Asked, RequestHead } from './request-head.ts';
import { createRestTimer } from './rest.ts';
import { createTurnBudget } from './turn-budget.ts';
import { KEEP_ALIVE_GRACE_MS, KEEP_ALIVE_MS, type WireMessage } from './wire-answer.ts';

/** What a request is told instead of being worked on. */
export interface Refusal {
  readonly answer: WireMessage;
  /**
   * How long whatever its connection sends next may have to wait, in milliseconds: it does when this turn has no time for more refusals.
   * A client that waits as it was told does not notice.
   */
  readonly restMs: number;
}

/** Decides before any work is done for a request. */
export interface Admission {
  /** @param ageMs since the request may have arrived @returns undefined: it is let in */
  refusalOf(asked: Asked, ageMs: number): Refusal | undefined;
  /**
   * Told of each request that was let in when it has come whole.
   * @returns to be called once, when it was answered or given up, with the milliseconds since it may have arrived; undefined: nobody counts it
   */
  begin?(asked: Asked): ((tookMs: number) => void) | undefined;
  /** What lies ready is cheap, and a crowd asks for it twenty times while one orders; unset: it is always answered at once. */
  readonly ready?: ReadyBounds;
  /**
   * How much of one turn of the event loop refusals take before those who were refused a moment ago have to wait, in milliseconds; unset:
   * they always do.
   */
  readonly refusalTurnMs?: number;
}

export interface ReadyBounds {
  /** How much of one turn of the event loop ready answers may take, in milliseconds. What there is no time for waits for a later turn. */
  turnMs(): number;
  /** How old a request may be that still waits for a turn, in milliseconds. */
  readonly waitMaxMs: number;
  /** How much longer an older one waits, in milliseconds: it is late for its reader already, so it gives way to those who are not. */
  restMs(): number;
}

export interface FastPathOptions {
  readonly server: Server;
  /**
   * What lies ready for a request, or will in a moment; asked for each, so it must be cheap. `undefined`, also in the end, and an error:
   * the parser's handlers answer.
   */
  readonly ready: (asked: Asked) => WireMessage | Promise<WireMessage | undefined> | undefined;
  readonly admission: Admission;
  /** Whether connections from an address are those of a proxy that is trusted: what lies ready is given to it at once, as thousands may wait for it there. */
  readonly isProxy?: (address: string) => boolean;
  /** A new connection that says nothing for so long is closed. */
  readonly silenceMs: number;
  /** Told of each ready answer: how long after its request may have arrived it was written, in milliseconds. */
  readonly onReady?: (asked: Asked, tookMs: number) => void;
  readonly readAge?: ReadAge;
  readonly now?: () => number;
}

const arrivals = new WeakMap<IncomingMessage, number>();

/** When a request may have arrived, on the clock of `performance.now()`: earlier than it was read, when the event loop was busy. */
export const arrivedMsOf = (request: IncomingMessage): number => arrivals.get(request) ?? performance.now();

/** So long a busy time before a read is taken for its own at most, without what one callback took. */
const TICK_MS = 50;
/**
 * A ready answer or a refusal takes some 40 µs. When it seems to have taken longer, another process, such as a database on the same core,
 * had the core meanwhile: that is no reason to give fewer of them in this turn.
 */
const ANSWER_MS_MAX = 0.25;
/** What is held of one connection; more is left in the system's buffers. */
const HELD_BYTES_MAX = 16 * 1024;
const noop = (): void => {};

/**
 * Stands between the connections of an HTTP server and its parser. A whole simple request for something that lies ready, or one that
 * is refused, is answered from ready bytes and never parsed; everything else goes to the parser as it came. A 304 to each of 12,000
 * connections costs a third of what it costs behind the parser, and a refusal no more, which is what a full process lives on.
 *
 * Nothing is answered here unless the connection stands between two messages and owes no answer, so answers keep their order and
 * no byte is ever read as something else than the parser would.
 * @returns closes what only it knows of
 */
export function installFastPath(options: FastPathOptions): { close(): void } {
  const { server, ready, admission, silenceMs } = options;
  const now = options.now ?? (() => performance.now());
  const readAge = options.readAge ?? createReadAge({ now });
  const connections = new WeakMap<Socket, Connection>();
  const unparsed = new Set<Socket>();
  /** Since when connections may wait to be accepted: libuv takes one a turn, so a crowd's wait until the loop can sleep again. */
  let accepting = { atSleep: -1, sinceMs: 0 };
  const rest = createRestTimer<Socket>(now, wake);
  const backlog = createBacklog<Socket>({
    now,
    turnMs: admission.ready?.turnMs ?? (() => Number.POSITIVE_INFINITY),
    waitMaxMs: admission.ready?.waitMaxMs ?? Number.POSITIVE_INFINITY,
    serve: wake,
    expire(socket) {
      const connection = connections.get(socket)!;
      connection.hasWaited = true;
      rest.wakeAt(socket, now() + admission.ready!.restMs());
    },
  });
  const refusing = createTurnBudget(admission.refusalTurnMs ?? 0);
  // The server's own is the one that it has had from the beginning; whoever bounds connections put theirs before it.
  const connectParser = server.listeners('connection').at(-1) as (this: Server, socket: Socket) => void;
  const closeIdleParsed = server.closeIdleConnections.bind(server);
  const [handle] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  const parsers = new WeakMap<Socket, (chunk: Buffer) => void>();

  function onConnection(socket: Socket): void {
    if (socket.destroyed) return;
    const connection = new Connection();
    const nowMs = now();
    const ageMs = readAge.ageMs(nowMs);
    if (readAge.sleeps !== accepting.atSleep) accepting = { atSleep: readAge.sleeps, sinceMs: nowMs - ageMs };
    connection.arrivedMs = accepting.sinceMs;
    connection.acceptedAtSleep = readAge.sleeps;
    connection.isProxy = options.isProxy?.(socket.remoteAddress ?? '') ?? false;
    connections.set(socket, connection);
    unparsed.add(socket);
    socket.on('data', onData).on('error', noop).on('end', onEnd).on('close', onClose).on('timeout', onTimeout);
    socket.setTimeout(silenceMs);
  }

  function onData(this: Socket, chunk: Buffer): void {
    const connection = connections.get(this)!;
    const nowMs = now();
    const { batches } = readAge;
    const ageMs = ageOf(connection, nowMs);
    if (connection.held || connection.isAwaited) keep(this, connection, chunk, nowMs - ageMs);
    else if (connection.restUntilMs > nowMs && !refusing.hasTime)
      hold(this, connection, chunk, nowMs - ageMs, connection.restUntilMs);
    else take(this, connection, chunk, nowMs, ageMs);
    if (readAge.batches !== batches) {
      refusing.endTurn();
      backlog.endTurn();
    }
  }

  /** A request that came with its connection has lain as long as that waited to be accepted, which is one turn more. */
  function ageOf(connection: Connection, nowMs: number): number {
    const ageMs = readAge.ageMs(nowMs);
    const cameAlong = connection.acceptedAtSleep === readAge.sleeps;
    connection.acceptedAtSleep = -1;
    return cameAlong ? Math.max(ageMs, nowMs - connection.arrivedMs) : ageMs;
  }

  function hold(socket: Socket, connection: Connection, chunk: Buffer, arrivedMs: number, untilMs: number): void {
    rest.wakeAt(socket, untilMs);
    keep(socket, connection, chunk, arrivedMs);
  }

  function keep(socket: Socket, connection: Connection, chunk: Buffer, arrivedMs: number): void {
    if (!connection.held) connection.arrivedMs = arrivedMs;
    connection.held = connection.held ? Buffer.concat([connection.held, chunk]) : chunk;
    connection.heldHead = undefined;
    if (connection.held.length > HELD_BYTES_MAX) socket.pause();
  }

  function wake(socket: Socket): void {
    const connection = connections.get(socket)!;
    const { held: chunk, heldHead } = connection;
    connection.held = undefined;
    connection.heldHead = undefined;
    if (!chunk || socket.destroyed) return;
    if (chunk.length > HELD_BYTES_MAX) socket.resume();
    const nowMs = now();
    take(socket, connection, chunk, nowMs, nowMs - connection.arrivedMs, heldHead);
  }

  function take(
    socket: Socket,
    connection: Connection,
    chunk: Buffer,
    nowMs: number,
    ageMs: number,
    known?: RequestHead,
  ): void {
    connection.isAdmitted = false;
    connection.arrivedMs = nowMs - ageMs;
    const head = known ?? headOf(connection, chunk);
    if (!head) {
      parse(socket, connection, chunk);
      return;
    }
    // A client that sends without waiting, or does not read, or is to be told that the server closes: the parser knows how.
    const isFree = connection.inFlight === 0 && socket.writableLength === 0 && server.listening;
    if (isFree && head.bodyMissing === 0 && answerAtOnce(socket, connection, head, chunk, nowMs, ageMs)) return;
    parseWhole(socket, connection, head, chunk);
  }

  /** @returns the request that a chunk is; undefined where it is none, or not beyond doubt */
  function headOf(connection: Connection, chunk: Buffer): RequestHead | undefined {
    if (!connection.atBoundary) return undefined;
    if (connection.bodyMissing > 0) {
      connection.bodyMissing -= chunk.length;
      if (connection.bodyMissing < 0) connection.atBoundary = false;
      return undefined;
    }
    const head = RequestHead.read(chunk);
    if (!head) connection.atBoundary = false;
    return head;
  }

  /** @returns false when the parser's handlers are to answer */
  function answerAtOnce(
    socket: Socket,
    connection: Connection,
    head: RequestHead,
    chunk: Buffer,
    nowMs: number,
    ageMs: number,
  ): boolean {
    const readyAnswer = ready(head);
    if (readyAnswer) {
      if (!backlog.hasTime && !connection.hasWaited && !connection.isProxy) {
        keep(socket, connection, chunk, nowMs - ageMs);
        connection.heldHead = head;
        backlog.push(socket, nowMs - ageMs);
        return true;
      }
      connection.hasWaited = false;
      if (readyAnswer instanceof Promise) awaitAnswer(socket, connection, head, chunk, readyAnswer);
      else answerReady(socket, connection, head, readyAnswer, nowMs);
      return true;
    }
    head.peer = socket.remoteAddress;
    const refusal = admission.refusalOf(head, ageMs);
    connection.isAdmitted = !refusal;
    if (!refusal) return false;
    // Requests of many clients come over one connection of a proxy, which must not rest for one of them.
    connection.restUntilMs = refusal.restMs === 0 || head.isForwarded ? 0 : nowMs + refusal.restMs;
    answer(socket, connection, refusal.answer, nowMs);
    refusing.spend(ownMsSince(nowMs));
    return true;
  }

  function awaitAnswer(
    socket: Socket,
    connection: Connection,
    head: RequestHead,
    chunk: Buffer,
    coming: Promise<WireMessage | undefined>,
  ): void {
    connection.isAwaited = true;
    const done = (readyAnswer: WireMessage | undefined): void => {
      connection.isAwaited = false;
      if (socket.destroyed) return;
      if (readyAnswer) answerReady(socket, connection, head, readyAnswer, now());
      else parseWhole(socket, connection, head, chunk);
      if (connection.held) wake(socket);
    };
    coming.then(done, () => done(undefined));
  }

  function parseWhole(socket: Socket, connection: Connection, head: RequestHead, chunk: Buffer): void {
    connection.bodyMissing = head.bodyMissing;
    connection.inFlight += 1;
    parse(socket, connection, chunk);
  }

  const ownMsSince = (fromMs: number): number => Math.min(ANSWER_MS_MAX, now() - fromMs);

  function answerReady(
    socket: Socket,
    connection: Connection,
    head: RequestHead,
    message: WireMessage,
    fromMs: number,
  ): void {
    const writtenMs = answer(socket, connection, message, fromMs);
    options.onReady?.(head, writtenMs - connection.arrivedMs);
  }

  /** @returns when it was written */
  function answer(socket: Socket, connection: Connection, message: WireMessage, fromMs: number): number {
    if (!connection.isKept) {
      connection.isKept = true;
      socket.setTimeout(KEEP_ALIVE_MS + KEEP_ALIVE_GRACE_MS);
    }
    socket.write(message.bytes(), 'latin1');
    const writtenMs = now();
    backlog.spend(Math.min(ANSWER_MS_MAX, writtenMs - fromMs));
    return writtenMs;
  }

  function parse(socket: Socket, connection: Connection, chunk: Buffer): void {
    if (!connection.isParsed) attachParser(socket, connection);
    parsers.get(socket)!.call(socket, chunk);
  }

  /** Node's own way of taking a connection, after which each chunk still comes by here first. */
  function attachParser(socket: Socket, connection: Connection): void {
    connection.isParsed = true;
    unparsed.delete(socket);
    socket.off('timeout', onTimeout).off('end', onEnd).off('data', onData);
    socket.setTimeout(0);
    connectParser.call(server, socket);
    // Node reads past JavaScript where nobody listens; a listener for data ends that.
    socket.on('data', noop);
    const [parser] = socket.listeners('data') as ((chunk: Buffer) => void)[];
    parsers.set(socket, parser!);
    socket.off('data', noop).off('data', parser!);
    socket.on('data', onData);
  }

  function onEnd(this: Socket): void {
    this.end();
  }

  function onClose(this: Socket): void {
    unparsed.delete(this);
  }

  function onTimeout(this: Socket): void {
    this.destroy();
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const connection = connections.get(request.socket);
    if (!connection) {
      handle!(request, response);
      return;
    }
    response.on('close', onAnswered);
    arrivals.set(request, connection.arrivedMs);
    const refusal = connection.isAdmitted
      ? undefined
      : admission.refusalOf(askedBy(request), now() - connection.arrivedMs);
    if (refusal) {
      const { status, headers, body } = refusal.answer;
      response.writeHead(status, headers as string[]).end(body);
      return;
    }
    // A body that comes slowly is no work yet, and whoever never sends it takes nobody's place.
    if (hasBody(request)) request.once('end', () => begin(connection, request, response));
    else begin(connection, request, response);
    handle!(request, response);
  }

  function begin(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    // What was answered before it had come whole closes soon, or has.
    const end = response.writableEnded || response.closed ? undefined : admission.begin?.(askedBy(request));
    if (!end) return;
    const { arrivedMs } = connection;
    response.once('close', () => end(now() - arrivedMs));
  }

  function onAnswered(this: ServerResponse): void {
    const connection = connections.get(this.req.socket);
    if (connection && connection.inFlight > 0) connection.inFlight -= 1;
  }

  const ticks = setInterval(readAge.tick, TICK_MS).unref();
  server.closeIdleConnections = () => {
    for (const socket of unparsed) {
      const connection = connections.get(socket)!;
      if (!connection.held && !connection.isAwaited) socket.destroy();
    }
    closeIdleParsed();
  };
  server.removeListener('connection', connectParser);
  server.on('connection', onConnection);
  server.removeListener('request', handle!);
  server.on('request', onRequest);
  return {
    close() {
      clearInterval(ticks);
      backlog.close();
      refusing.close();
      rest.close();
      for (const socket of unparsed) socket.destroy();
    },
  };
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const askedBy = (request: IncomingMessage): Asked => ({
  method: request.method!,
  url: request.url!,
  peer: request.socket.remoteAddress,
  header(name) {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  },
});
