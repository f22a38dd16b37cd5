/** One statement's answer. */
export interface QueryResult<R> {
  readonly rows: R[];
  readonly rowCount: number;
}

/** What can run a statement: the pool, or one transaction. */
export interface Queryable {
  /** @param name given: the statement is prepared once per connection under this name. */
  query<R extends object>(text: string, values?: readonly unknown[], name?: string): Promise<QueryResult<R>>;
  /** Whether stores are spread over machines, as the newest connection was told. See `lockableTogether` and `byStore`. */
  readonly isSharded?: boolean;
}

/** One transaction, inside of its work. */
export interface Transaction extends Queryable {
  /**
   * Sends the last statements of a transaction with its COMMIT right behind them, so that nobody waits for the one before the other: each
   * wait is a turn of the event loop. When one of them fails the database rolls back, and this rejects with why.
   * @param send sends all of them before any is answered: what is sent later is refused, and so is not in the transaction
   */
  commitWith(send: () => Promise<unknown>): Promise<void>;
}

/** The pool. */
export interface Db extends Queryable {
  /**
   * Runs `work` in one READ COMMITTED transaction on one connection.
   * Commits when it resolves, rolls back when it throws; what it threw is thrown again.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
