import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Session, SimulatedPostgres } from './postgres.ts';

interface Asked {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
}

/** Who is connected: the part of an address before the @. */
const ownerIn = (address: string): string => new URL(address).username;

let server: SimulatedPostgres | undefined;
/** Processes that have been killed: nothing of theirs is answered any more. */
const dead = new Set<string>();
const clients = new Map<Session, SimulatedClient>();
const never = new Promise<never>(() => {});

/** As much of `pg.Client` as the driver's own pool and the product use. */
class SimulatedClient extends EventEmitter {
  readonly #owner: string;
  readonly #waitsForDisk: boolean;
  #session: Session | undefined;
  _queryable = false;
  _ending = false;
  readonly connection = {
    stream: { destroy: () => this.#session && server?.hangUp(this.#session), cork() {}, uncork() {} },
  };

  constructor({ connectionString }: { connectionString: string }) {
    super();
    this.#owner = ownerIn(connectionString);
    this.#waitsForDisk = !connectionString.includes('synchronous_commit');
  }

  connect(callback?: (error?: Error) => void): Promise<void> {
    if (dead.has(this.#owner)) return never;
    this.#session = server!.connect(this.#owner, this.#waitsForDisk, (reason) => this.#lost(reason));
    clients.set(this.#session, this);
    this._queryable = true;
    if (callback) process.nextTick(callback);
    return Promise.resolve();
  }

  query(asked: string | Asked): Promise<unknown> {
    if (dead.has(this.#owner)) return never;
    const { text, values = [], name } = typeof asked === 'string' ? { text: asked } : asked;
    return new Promise((resolve, reject) => {
      if (!this._queryable) return reject(new Error('Client has encountered a connection error and is not queryable'));
      this.#session!.queue.push({ text, values, name, resolve, reject });
    });
  }

  end(callback?: () => void): Promise<void> {
    if (dead.has(this.#owner)) return never;
    this._ending = true;
    if (this.#session) server!.hangUp(this.#session);
    if (callback) process.nextTick(callback);
    return Promise.resolve();
  }

  #lost(reason: string): void {
    const wasEnding = this._ending;
    this._queryable = false;
    clients.delete(this.#session!);
    process.nextTick(() => {
      if (dead.has(this.#owner)) return;
      if (!wasEnding) this.emit('error', new Error(reason));
      this.emit('end');
    });
  }
}

/** Lets the product's connections lead to a simulated server, until the answer is called. Whose they are is the user in their address. */
export function installDriver(): () => void {
  const { Client, Pool } = pg;
  class SimulatedPool extends Pool {
    constructor(options: pg.PoolConfig) {
      super({ ...options, Client: SimulatedClient as never });
    }
  }
  Object.assign(pg, { Client: SimulatedClient, Pool: SimulatedPool });
  return () => void Object.assign(pg, { Client, Pool });
}

/** Another world begins. */
export function useServer(next: SimulatedPostgres): void {
  server = next;
  dead.clear();
  clients.clear();
}

/** Whatever it asked is never answered, and whatever it asks. */
export function killClientsOf(owner: string): void {
  dead.add(owner);
  for (const session of [...server!.sessions]) {
    if (session.owner !== owner) continue;
    clients.delete(session);
    server!.forget(session);
  }
}

/** A notification reaches whoever listens on this connection. */
export const notify = (session: Session, channel: string): void =>
  void clients.get(session)?.emit('notification', { channel, payload: '' });
