/** What jobs, batches and their workers may take. */
export const WORK_BOUNDS = {
  jobs: {
    /**
     * Jobs of one worker pool at once. Those of one kind share a transaction and gather for the next one, so what a process has at once is what it
     * does in some tenth of a second: with half of it a crowd's, and two kinds, a hundred and twenty-eight groups of orders. With 64 a crowd of small
     * groups came twice as fast as its tickets, and the last waited for minutes (ADR 113). More would wait longer in a process that may die.
     */
    concurrency: 512,
    /**
     * Tickets, slips and counts cost nearly the same for one order as for thirty, most of all their planning. So after a
     * transaction of a kind its next one gathers for three times as long as that took, and for so long at most: longer, and a crowd's kitchen
     * sees orders late. Three quarters of the time nothing of a kind is worked on; with more the batches cost hardly less.
     */
    gatherMaxMs: 300,
    gatherTimes: 3,
    /**
     * Forty transactions of a kind a second at most, also where each takes a few milliseconds: then twice the orders cost the jobs little more, and
     * what shares a core with them keeps it. More, and a store that fills its kitchen beside others takes the core twice for each order; with ten a second
     * a ticket beside 500 orders a second took 121 ms at the median, where 50 are promised (ADR 109). An order that comes alone waits for nothing.
     */
    gatherMinMs: 25,
    /**
     * Orders of one store a second in one process from which its jobs are a crowd's. More than any dining room's, and a tenth of what
     * the kitchen's work of one process takes.
     */
    crowdPerSecond: 50,
    /** One for each kind, and one for what the clock starts. */
    connectionsMax: 3,
    /** Cancelling or advancing an order holds it for milliseconds; one held longer must not hold up everybody else's. */
    lockTimeoutMs: 500,
    /**
     * A job due and untouched for so long: its pool stands still and begins again. Working a backlog off does not count, because
     * then another job is the oldest. More than any statement may take twice, and a quarter of the minute that a ticket has.
     */
    standstillMs: 15_000,
    /** Not ready after twice that: beginning again did not help. Sooner would take processes away for what mends itself. */
    notReadyTimes: 2,
    /** A pool that stands still begins again after 10 s at first: less than one try takes would never end one; then seldom. */
    restartMs: [10_000, 120_000],
    /** With `pool.idleMs` the time in which the jobs of a frozen worker are free: under 10 s. Each look costs three statements. */
    heartbeatMs: 4_000,
    /** When orders are refused because their tickets would come too late; see ADR 114. */
    lateTickets: {
      /** As often as the heartbeat looks. Each look costs one statement; more seldom, and more orders come in before anybody knows. */
      lookEveryMs: 4_000,
      /**
       * A third of the minute that a ticket has, as an order that comes then waits longer than the oldest has. Less, and workers that are replaced in ten
       * seconds, or that a heartbeat begins again after fifteen, would be a reason; more, and a kitchen that falls behind twice as fast as it works has its
       * last tickets after the minute.
       */
      lateMs: 20_000,
      /** Tickets take less than a second. More, and the next wave would find the kitchen's jobs half behind. */
      caughtUpMs: 5_000,
      /** Seven looks that failed: the database is away, which the intake hears by itself. More, and an old answer would refuse who could be served. */
      forgetMs: 30_000,
    },
    pool: {
      /** What nobody told of (a pause that is over, by another process) waits at most this; it is also the sign of life. */
      pollMs: 2_500,
      /** Twice `pollMs`: less would take a slow process for a frozen one, more would keep a frozen one's jobs. */
      idleMs: 5_000,
      /** A statement about jobs takes milliseconds; a database that says nothing for so long is gone. Less would end a slow one. */
      silenceMs: 4_000,
      /** Longer would repeat more work after a kill; shorter would be a statement for each job. */
      writeWithinMs: 20,
      /** With half of the places nobody waits behind a crowd, and a crowd's tickets still come; jobs of a kind share a transaction. */
      crowdShare: 1 / 2,
      /** From at once, so that a lost connection is not noticed, to once a second, so that a restart is over within a second. */
      reconnectMs: [50, 1_000],
      /** Longer than a job takes but one that waits for a dead server, which runs again; with `closeWithinMs` less than the 10 s of a stop. */
      stopMs: 3_500,
    },
  },
  /** What the clock starts; see `src/composition/scheduled-jobs.ts`. */
  batch: {
    /** Of the books: one for each of the three kinds, and a second for each of the two that read a large day; they rest most of the time. */
    connectionsMax: 5,
    /** A store's day of a million orders is read in less than ten seconds; a statement that takes longer than this hangs. */
    statementTimeoutMs: 120_000,
    /** Longer than one who posts holds the books; a job that waits in vain is tried again. */
    lockTimeoutMs: 30_000,
    /** Of one transaction: more would hold more memory, fewer would write the same rows of the books more often. */
    postingsMax: 20_000,
    /** A run begins nothing new after that, and the next goes on: less would never end a long night, more would hold up its successor. */
    runMs: 60_000,
  },
  /** Orders whose jobs a cluster's coordinator lost when it died in the middle of a commit (ADR 111). */
  ordersWithoutJobs: {
    /** A ticket takes less than a second. What is younger may be on its way; waiting longer would let the guest wait. */
    graceMs: 60_000,
    /**
     * Looked at once more before the last run: what was too young then, and what waited for its money for as long as it may and has its jobs from
     * then. Each minute of it is a minute's orders; a key that was made longer ago is left to `--from` and `--to`.
     */
    againMs: 16 * 60_000,
    /** A coordinator that was away for longer is a day that somebody looks at with `--from` and `--to`. */
    backMaxMs: 24 * 3_600_000,
    /** Of one statement. */
    pageMax: 500,
    /** So many orders without a ticket are no death of a coordinator but jobs that are late: the run ends and says so. */
    pagesMax: 20,
  },
  /** `matjip archive`: one person's command, beside which shops go on. */
  archive: {
    /** Last year's month is what owners compare with, and two years are asked for by those who look at a season; more is disk and vacuum. */
    monthsKept: 24,
    /** One holds the books while another takes the orders off. */
    connectionsMax: 2,
    /** Rows are copied by connections of their own; what is left to this takes seconds, or hangs. */
    statementTimeoutMs: 600_000,
    /** Taking a table off waits for whoever reads it; longer would hold the books up, shorter would give up at each report. */
    lockTimeoutMs: 10_000,
    /** The books are held while a table is taken off, by a transaction that waits for that. */
    idleInTransactionMs: 60_000,
  },
  sales: {
    /** A quarter of a year by hour is 2,200 lines; more is a file for another program, and that asks quarter by quarter. */
    hourDaysMax: 92,
    /** Ten years by day are 3,700 lines. */
    daysMax: 3_660,
    /** Orders whose times are looked at: a day's last ones; the median of 20,000 is off by less than a hundredth, and they are read in a blink. */
    timesOrdersMax: 20_000,
    /** Stores of one answer at a glance: a screen or two, and one statement of some milliseconds. */
    storesPageMax: 100,
  },
  work: {
    /** Of `matjip work` beside its workers': announcements and what the clock starts. */
    connectionsMax: 4,
  },
  webhooks: {
    /** Webhooks told at once: they wait for others and cost little meanwhile. */
    concurrency: 16,
    /** One statement each before and after a batch; the rest of the time they wait for others. */
    connectionsMax: 2,
    /** Longer than the batches of sixteen slow receivers: a webhook that waits for a place is no standstill. */
    standstillMs: 60_000,
    /** Deliveries of one webhook at once: one that hangs leaves the other places to the others. */
    perWebhookMax: 2,
    /** A process that dies sends at most so many again, half a minute later. */
    batchMax: 10,
    /** A receiver that takes longer should queue by itself; less would fail honest ones on a slow line. */
    timeoutMs: 5_000,
  },
} as const;
