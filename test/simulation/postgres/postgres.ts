import type { TableName, Tables } from './tables.ts';

/** One statement on its way; answered once. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly name: string | undefined;
  resolve(answer: { rows: object[]; rowCount: number; command: string }): void;
  reject(error: Error): void;
}

/** What one statement does: reads and changes rows, and says which it answers with. It may run again after it had to wait. */
export type StandIn = (view: View, values: readonly unknown[], statement: Statement) => object[] | undefined;

/** Somebody else's lock is in the way. */
class Waits extends Error {
  readonly key: string;
  constructor(key: string) {
    super(key);
    this.key = key;
  }
}

type Mode = 'share' | 'update';
type Changes = Map<string, { readonly table: TableName; readonly row: object | undefined }>;

interface Transaction {
  readonly changes: Changes;
  readonly told: { readonly channel: string; readonly payload: string }[];
  hasFailed: boolean;
}

/** A connection as the database sees it. */
export interface Session {
  readonly owner: string;
  /** Whether its commits wait for the disk. */
  readonly waitsForDisk: boolean;
  /** Sent and not yet run, in their order. */
  readonly queue: Statement[];
  /** Run, and not yet heard. */
  readonly answers: { readonly statement: Statement; readonly tell: () => void }[];
  transaction: Transaction | undefined;
  /** The row that its next statement waits for. */
  waitsFor: string | undefined;
  readonly held: Set<string>;
  /** Names of its advisory locks. */
  readonly advisory: Set<string>;
  readonly listens: Set<string>;
  /** The client hears that the connection is gone. */
  readonly onLost: (reason: string) => void;
}

export interface PostgresEvents {
  /** After a transaction was applied, with the keys of what it changed. */
  committed(changed: ReadonlySet<string>, owner: string): void;
  notified(channel: string, payload: string): void;
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/**
 * A stand-in for Postgres: sessions, transactions (READ COMMITTED), row locks, NOTIFY, commits that do not wait for the disk, and a crash. Each
 * statement is run when the simulation says so, and heard when it says so. What a statement means is said by its {@link StandIn}.
 */
export class SimulatedPostgres {
  readonly #tables = new Map<TableName, Map<string, object>>();
  readonly #locks = new Map<string, Map<Session, Mode>>();
  readonly #standIns: (statement: Statement) => StandIn;
  readonly #events: PostgresEvents;
  /** What a crash may forget, the oldest first; a commit that waits for the disk has all before it written. */
  #unflushed: (() => void)[] = [];
  readonly sessions = new Set<Session>();
  /** Its own clock, in milliseconds since 1970. */
  nowMs = 0;
  deadlocks = 0;
  lastJobId = 0;

  constructor(standIns: (statement: Statement) => StandIn, events: PostgresEvents) {
    this.#standIns = standIns;
    this.#events = events;
  }

  /** Committed rows, for whoever judges. */
  rows = <T extends TableName>(table: T): Tables[T][] => [...this.table(table).values()] as Tables[T][];
  row = <T extends TableName>(table: T, ...key: string[]): Tables[T] | undefined =>
    this.table(table).get(key.join(' ')) as Tables[T] | undefined;
  /** Sets a scene. */
  put = <T extends TableName>(table: T, key: string, row: Tables[T]): void => void this.table(table).set(key, row);

  table(name: TableName): Map<string, object> {
    let table = this.#tables.get(name);
    if (!table) {
      table = new Map();
      this.#tables.set(name, table);
    }
    return table;
  }

  connect(owner: string, waitsForDisk: boolean, onLost: Session['onLost']): Session {
    const session: Session = {
      owner,
      waitsForDisk,
      onLost,
      queue: [],
      answers: [],
      transaction: undefined,
      waitsFor: undefined,
      held: new Set(),
      advisory: new Set(),
      listens: new Set(),
    };
    this.sessions.add(session);
    return session;
  }

  canRun = (session: Session): boolean =>
    session.queue.length > 0 && (session.waitsFor === undefined || !this.#isTaken(session, session.waitsFor, 'update'));

  /** Runs a session's next statement; its answer is on its way then, or it waits for a row. @returns what was run */
  runNext(session: Session): string {
    const statement = session.queue[0]!;
    const what = statement.name ?? statement.text.trim().slice(0, 30).split('\n')[0]!;
    session.waitsFor = undefined;
    try {
      const answer = this.#run(session, statement);
      session.queue.shift();
      session.answers.push({ statement, tell: () => statement.resolve(answer) });
    } catch (error) {
      if (!(error instanceof Waits)) this.#fail(session, error as Error);
      else {
        session.waitsFor = error.key;
        if (!this.#isCircle(session)) return `${what}: waits for ${error.key}`;
        this.deadlocks += 1;
        this.fail(session, '40P01', 'deadlock detected');
      }
      return `${what}: fails`;
    }
    return what;
  }

  /** The next statement fails, such as one that has waited for a row for too long. */
  fail(session: Session, code: string, message: string): void {
    this.#fail(session, failure(code, message));
  }

  #fail(session: Session, error: Error): void {
    const statement = session.queue.shift()!;
    session.waitsFor = undefined;
    if (session.transaction) session.transaction.hasFailed = true;
    session.answers.push({ statement, tell: () => statement.reject(error) });
  }

  /** The connection is gone: what it had not committed is rolled back, and what was on its way is not heard. */
  hangUp(session: Session, reason = 'Connection terminated unexpectedly'): void {
    if (!this.sessions.delete(session)) return;
    this.#release(session);
    const lost = [...session.answers.splice(0).map(({ statement }) => statement), ...session.queue.splice(0)];
    for (const statement of lost) statement.reject(new Error(reason));
    session.onLost(reason);
  }

  /** The same of a client that died: nobody is told. */
  forget(session: Session): void {
    this.sessions.delete(session);
    this.#release(session);
  }

  /** Every connection is lost, and of what did not wait for the disk the last `forgotten` commits. */
  crash(forgotten: number): void {
    for (const session of [...this.sessions]) this.hangUp(session);
    const from = this.#unflushed.length - (forgotten % (this.#unflushed.length + 1));
    for (const undo of this.#unflushed.splice(from).reverse()) undo();
    this.#unflushed = [];
  }

  #run(session: Session, statement: Statement): { rows: object[]; rowCount: number; command: string } {
    const done = (command: string) => ({ rows: [], rowCount: 0, command });
    if (statement.text === 'BEGIN') {
      session.transaction = { changes: new Map(), told: [], hasFailed: false };
      return done('BEGIN');
    }
    if (statement.text === 'ROLLBACK') {
      this.#release(session);
      return done('ROLLBACK');
    }
    if (statement.text === 'COMMIT') {
      const { transaction } = session;
      if (!transaction || transaction.hasFailed) {
        this.#release(session);
        return done('ROLLBACK');
      }
      this.#commit(session, transaction);
      return done('COMMIT');
    }
    if (session.transaction?.hasFailed) throw failure('25P02', 'current transaction is aborted');
    const isAlone = !session.transaction;
    const transaction: Transaction = session.transaction ?? { changes: new Map(), told: [], hasFailed: false };
    const view = new View(this, session, transaction.changes);
    let rows: object[];
    try {
      rows = this.#standIns(statement)(view, statement.values, statement) ?? [];
    } catch (error) {
      if (isAlone) this.#releaseLocks(session);
      throw error;
    }
    for (const [key, change] of view.changes) transaction.changes.set(key, change);
    transaction.told.push(...view.told);
    if (isAlone) this.#commit(session, transaction);
    return { rows, rowCount: rows.length, command: '' };
  }

  #commit(session: Session, { changes, told }: Transaction): void {
    const undo: (() => void)[] = [];
    for (const [place, { table, row }] of changes) {
      const rows = this.table(table);
      const key = place.slice(table.length + 1);
      const before = rows.get(key);
      undo.push(() => void (before === undefined ? rows.delete(key) : rows.set(key, before)));
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
    if (changes.size > 0) {
      if (session.waitsForDisk) this.#unflushed = [];
      else this.#unflushed.push(() => undo.reverse().forEach((each) => void each()));
    }
    this.#release(session);
    if (changes.size > 0) this.#events.committed(new Set(changes.keys()), session.owner);
    for (const { channel, payload } of told) this.#events.notified(channel, payload);
  }

  #release(session: Session): void {
    session.transaction = undefined;
    session.waitsFor = undefined;
    this.#releaseLocks(session);
  }

  #releaseLocks(session: Session): void {
    for (const key of session.held) {
      const holders = this.#locks.get(key)!;
      holders.delete(session);
      if (holders.size === 0) this.#locks.delete(key);
    }
    session.held.clear();
  }

  #isTaken(session: Session, key: string, mode: Mode): boolean {
    for (const [holder, its] of this.#locks.get(key) ?? []) {
      if (holder !== session && (mode === 'update' || its === 'update')) return true;
    }
    return false;
  }

  /** @returns false where somebody else has it and `skips` */
  lock(session: Session, key: string, mode: Mode, skips: boolean): boolean {
    if (this.#isTaken(session, key, mode)) {
      if (skips) return false;
      throw new Waits(key);
    }
    const holders = this.#locks.get(key) ?? new Map<Session, Mode>();
    this.#locks.set(key, holders);
    if (holders.get(session) !== 'update') holders.set(session, mode);
    session.held.add(key);
    return true;
  }

  #isCircle(from: Session): boolean {
    const seen = new Set<Session>();
    const visit = (session: Session): boolean => {
      if (session.waitsFor === undefined) return false;
      for (const holder of this.#locks.get(session.waitsFor)?.keys() ?? []) {
        if (holder === from && session !== from) return true;
        if (seen.has(holder) || holder === session) continue;
        seen.add(holder);
        if (visit(holder)) return true;
      }
      return false;
    };
    return visit(from);
  }
}

/** What one statement sees: what is committed, what its own transaction changed, and what it changes itself. */
export class View {
  readonly changes: Changes = new Map();
  readonly told: { channel: string; payload: string }[] = [];
  readonly #postgres: SimulatedPostgres;
  readonly #before: Changes;
  readonly session: Session;

  constructor(postgres: SimulatedPostgres, session: Session, before: Changes) {
    this.#postgres = postgres;
    this.session = session;
    this.#before = before;
  }

  get postgres(): SimulatedPostgres {
    return this.#postgres;
  }

  get<T extends TableName>(table: T, ...key: string[]): Tables[T] | undefined {
    const place = `${table} ${key.join(' ')}`;
    const changed = this.changes.get(place) ?? this.#before.get(place);
    return (changed ? changed.row : this.#postgres.table(table).get(key.join(' '))) as Tables[T] | undefined;
  }

  rows<T extends TableName>(table: T): Tables[T][] {
    const rows = new Map(this.#postgres.table(table));
    for (const changes of [this.#before, this.changes]) {
      for (const [place, change] of changes) {
        if (change.table !== table) continue;
        const key = place.slice(table.length + 1);
        if (change.row === undefined) rows.delete(key);
        else rows.set(key, change.row);
      }
    }
    return [...rows.values()] as Tables[T][];
  }

  /** @returns false where somebody else has it and `skips` */
  lock(table: TableName, key: string, { mode = 'update' as Mode, skips = false } = {}): boolean {
    return this.#postgres.lock(this.session, `${table} ${key}`, mode, skips);
  }

  put<T extends TableName>(table: T, key: string, row: Tables[T] | undefined): void {
    this.lock(table, key);
    this.changes.set(`${table} ${key}`, { table, row });
  }

  /** @throws the database's error when it is there */
  insert<T extends TableName>(table: T, key: string, row: Tables[T]): void {
    this.lock(table, key);
    if (this.get(table, ...key.split(' '))) throw failure('23505', `duplicate key in ${table}`);
    this.changes.set(`${table} ${key}`, { table, row });
  }

  tell(channel: string, payload: string): void {
    this.told.push({ channel, payload });
  }
}
