/** What a process asks of the database, and how long it waits for it. */
export const DATABASE_BOUNDS = {
  /**
   * Connections of one process by use, 29 in all, and how many questions wait for them. One core keeps about 10 busy, and most
   * of these rest; fewer would let one statement that hangs hold up its whole use, more only queue inside Postgres. What waits longer
   * than these allow is older than a second by the time it is answered.
   */
  db: {
    /**
     * Groups of orders, five at once, or eight with `INTAKE=direct`; nobody waits who is not in a group. The lock time-out is longer than
     * the groups of a dozen processes for one store take, which queue for its row, and no longer than an answer is useful. Three stay open: two stores
     * with a crowd and everybody else. With fewer the first order beside a crowd waits for a connection; each costs Postgres some megabytes.
     */
    intake: { connectionsMax: 8, connectionsMin: 3, waitingMax: 50, lockTimeoutMs: 1_000 },
    /** Replays and cancels; three cancels of one store at once. */
    orders: { connectionsMax: 8, waitingMax: 200 },
    /**
     * Kitchens, printers, owners: no stranger's question is ever in front of theirs. With two, two changes of an owner that wait for a
     * held row would hold up every kitchen.
     */
    staff: { connectionsMax: 5, waitingMax: 1_000 },
    /** Guests' looks at their orders share two questions, so two are all that is used at once. */
    status: { connectionsMax: 2, waitingMax: 100, byIndexOnly: true },
    /** Stores by name: one question for all who ask, and one more when that hangs. Every request needs its answer. */
    stores: { connectionsMax: 2, waitingMax: 100 },
    /** Menus, loaded when they changed. */
    menus: { connectionsMax: 2, waitingMax: 500 },
    /** What anybody may ask: pages of the list of stores, pick-up boards. */
    public: { connectionsMax: 2, waitingMax: 500 },
  },
  /** An order that waits longer is better refused: its guest has tapped again. */
  dbAcquireTimeoutMs: 3_000,
  /** No statement needs a second; a runaway must not hold a store's row. */
  dbStatementTimeoutMs: 5_000,
  /**
   * Of a request's own statements: with a quarter of a second for a database that says nothing any more, whoever asks hears within 3 s that
   * it is away. Less would refuse what a slow disk takes a second for.
   */
  requestStatementTimeoutMs: 2_500,
  /** A database that says nothing to anybody while something is asked. After 2.75 s it is taken for gone: more than a statement may take. */
  dbSilence: { tickMs: 250, ticksMax: 11 },
  /** What a full disk or a read-only database does to `/readyz`. */
  dbWrites: {
    /** On a full disk small changes still find room now and then: a success sooner says nothing. Longer would keep orders away. */
    calmMs: 5_000,
    /** Where no order comes none can show that there is room again. Less would send orders to a full disk too often. */
    forgetMs: 30_000,
  },
  /** How long a process that is frozen, or that no line leads to any more, holds the rows of its transactions. */
  dbIdleInTransactionMs: {
    /** Orders: the store's others are taken within their 3 s. Less would break off what a process without time takes, and takes again. */
    orders: 2_000,
    /** Orders with `EFFECTS=inline`, which tell other people's servers in their transaction. */
    inlineOrders: 15_000,
    /** What is broken off here is refused: longer than any turn of a busy process, shorter than a cook's patience. */
    others: 5_000,
  },
  databaseClock: {
    /** Clocks drift by a millisecond in ten seconds, and are set while we run; more often would be a question for nothing. */
    everyMs: 10_000,
    /** Half of it is the error. Less would never be met on a busy day, more would say too little. */
    roundTripMsMax: 500,
    /** What an unattended clock loses in weeks; people are told, and nothing else comes of it. */
    toleranceMs: 5_000,
  },
  /** A change whose store is held by another for longer is refused, and gives its connection back. A group of orders takes far less. */
  dbLockTimeoutMs: 2_000,
  /** Reads that may be a little old, where there is a replica; see `src/platform/db/replica.ts`. */
  replica: {
    /** Owners look now and then; a slow page of one leaves the other to the next. */
    connectionsMax: 2,
    waitingMax: 100,
    /** Less than the minute by which the books are late anyway. Less would leave the replica for every burst that it replays; more would show. */
    lagMaxMs: 10_000,
    /** Two statements while somebody reads, and none when nobody does. */
    lookEveryMs: 1_000,
    /** With the primary's own after it still less than a person waits. */
    statementTimeoutMs: 2_500,
  },
  /** A Postgres of our own that ended without being told to is started again. */
  embeddedPostgres: {
    /** Looking costs one system call; its clients hear of its end at once. */
    lookEveryMs: 250,
    /** With `lookEveryMs` how long one that comes up and ends again is missed each time; less would gain nothing on its start. */
    restartFirstMs: 100,
    /** One that does not come up needs a person; until then a try every half minute costs nothing. */
    restartMaxMs: 30_000,
    /** So many ends within a minute are no accident: what a person can do is said. */
    endsPerMinuteMax: 5,
  },
  /** Stores that are spread over machines; see `matjip shard`. */
  shards: {
    /**
     * Into how many parts stores are divided; a part moves as one. Fewer, and the parts of ten machines are of very different size; more,
     * and each month has eight new tables for each of them on the machine that holds it.
     */
    parts: 32,
    /** Eight machines of 32 parts; each part has all tables with all their months, and opening one asks for a lock of each. */
    partsMax: 256,
    /** A part takes seconds to minutes to move. */
    lookEveryMs: 1_000,
  },
} as const;
