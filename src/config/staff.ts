/** What staff, tills and guests with codes may do, and how often. */
export const STAFF_BOUNDS = {
  /**
   * Of one store at once, the others of it wait for their turn in the process: its lock is taken one after another anyway, some
   * milliseconds each, and a store whose row is held keeps no more connections than these.
   */
  storeTurns: {
    cancels: { underwayMax: 3, waitingMax: 200, waitMsMax: 5_000 },
    /** One of the five connections of staff. */
    itemChanges: { underwayMax: 1, waitingMax: 50, waitMsMax: 5_000 },
    /** Menu files: each takes a thread and some memory, and a second imports what the first has made; few people have one. */
    menuFiles: { underwayMax: 1, waitingMax: 10, waitMsMax: 20_000 },
    /** Of guests who leave a line or step back, and of the hall; both take the line's lock one after another anyway. */
    guestMoves: { underwayMax: 2, waitingMax: 200, waitMsMax: 5_000 },
    /** Calls of guests: a statement or two each. */
    calls: { underwayMax: 1, waitingMax: 50, waitMsMax: 5_000 },
    hallMoves: { underwayMax: 1, waitingMax: 50, waitMsMax: 5_000 },
    /** Payments and what else changes a bill; a full house pays some twenty bills a minute. */
    bills: { underwayMax: 1, waitingMax: 50, waitMsMax: 5_000 },
  },
  /** Orders of tables that nobody of the shop has had to do with (ADR 96). */
  unseenOrders: {
    /**
     * After the promised time. A kitchen that is late by half an hour is a bad evening, and what it has not begun by then it has passed over; less
     * would take the dish from guests who wait, more would keep the last bowls for nobody until lunch is over.
     */
    afterMs: 30 * 60_000,
    /** Looked at together: some milliseconds. A run looks at all; a visit ends with its day, so there are never more than a day's. */
    pageMax: 500,
  },
  /** Payments by phone; see docs/guide/payments.md. */
  payments: {
    /** A guest who looks for a card takes a minute or two; longer, and the others of the table cannot pay what it keeps. */
    intentMs: 10 * 60_000,
    /** Of an order that waits for its money. Less, and who pays at the counter stands in line too long; more, and portions lie idle. */
    holdMs: 10 * 60_000,
    /** A provider that is away may still have taken the money of an order whose time is over: so long its portions are kept for it. */
    holdGraceMs: 5 * 60_000,
    /** A notification comes within seconds. Sooner would ask about every guest who is still typing. */
    askAfterMs: 30_000,
    /** Half of the job's minute, so that each run asks about each. */
    againMs: 30_000,
    /** A request that began a payment is over by then: what the provider does not know it never heard of. */
    unknownAfterMs: 60_000,
    /** Of one order: nobody tries more often; more would be somebody who plays with the provider. */
    intentsMax: 20,
    /** Of one run of the job: some seconds; the rest is left to the next minute. */
    batchMax: 100,
    /** A provider that is away is not asked a hundred times, each for the whole time-out. */
    failuresMax: 3,
    /** Providers answer within a second; a guest waits no longer than this. */
    timeoutMs: 5_000,
    /** Of one store at once, as its lock is taken one after another. Guests of a full house pay some twenty times a minute. */
    turns: { underwayMax: 2, waitingMax: 50, waitMsMax: 5_000 },
  },
  /**
   * Wrong codes of a table's visit, of which there are ten thousand, in each process: within the two hours of a visit one client finds one
   * in 250, and many together one in 80. More would let strangers guess, fewer would lock out a table of eight.
   */
  visitCodes: {
    ofClient: { max: 10, forgetMs: 30 * 60_000 },
    ofVisit: { max: 30, forgetMs: 30 * 60_000 },
  },
  /**
   * Sheets of QR codes that are drawn at once: each takes a thread and a core for about a second. More would take the cores from the
   * orders; owners print seldom, and five who wait have theirs within ten seconds.
   */
  sheetTurns: { underwayMax: 1, waitingMax: 5, waitMsMax: 15_000 },
  /** Tables that call the staff. */
  calls: {
    /** Sooner, and a child keeps the hall running; later, and who was told that somebody comes rings with a glass. */
    againMs: 20_000,
    /** Of one store; more nobody can answer, and a stranger who invents tables fills no more of the screen. */
    openMax: 100,
  },
  /** Passwords: dear to look at, and guessed by machines. */
  signIn: {
    /** Fewer would lock out whoever forgot Caps Lock, more would give a guesser more for nothing. */
    failuresMax: 5,
    /** Then some 2,900 guesses a month; a forgetful cook has an evening of minutes, and an owner can set a new password at once. */
    lockFirstS: 60,
    lockMaxS: 15 * 60,
    /**
     * Passwords and PINs that are hashed at once: each takes 19 MiB and 40 ms of a core. More would take the cores from the orders; twenty who
     * wait are a second, and a shift that begins is fewer.
     */
    turns: { underwayMax: 2, waitingMax: 20, waitMsMax: 3_000 },
    /** Of one address; a house behind one has no more people who sign in at once. */
    clientTurns: { underwayMax: 1, waitingMax: 5, waitMsMax: 3_000 },
  },
  invitations: {
    /** More than a store hires at once; a list that nobody reads is one in which a stranger's is not noticed. */
    openMax: 20,
    /** Somebody hired on Friday reads it on Monday; longer, and it is forgotten in a chat that others read. */
    hours: 72,
  },
  /** By which somebody takes over a tablet; digits are few, so tries are. */
  pin: {
    /** Fewer would lock out wet fingers; with the locks below some hundred guesses a day, of 10,000. */
    failuresMax: 5,
    lockFirstS: 60,
    lockMaxS: 15 * 60,
    /** Less would ask in the middle of a bill; more would leave somebody's name on what the next one does. */
    idleS: 5 * 60,
  },
  /** Seconds in which a stream ticket opens its stream: a slow phone's round trip, and less than a log is read in. */
  streamTicketS: 30,
} as const;
