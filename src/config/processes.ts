/** The processes of a node, and what they show of themselves. */
export const PROCESSES_BOUNDS = {
  /** The first process and its workers. */
  processes: {
    /** Each worker says that it lives, and is believed to stand still after so many ticks without. */
    tickMs: 1_000,
    /** No turn of the event loop may take ten seconds; less would end a worker that a busy machine gives no time. */
    silentTicksMax: 10,
    /** A worker that ended is missed by whoever it served: soon. */
    restartFirstMs: 500,
    /** One that ends again and again is started later each time, so that its start takes nothing from the others. */
    restartMaxMs: 30_000,
    /** Whoever lived so long did not end because of its start. */
    livedWellMs: 60_000,
    /** A worker answers within milliseconds, and a scrape has to be answered within ten seconds. */
    metricsWithinMs: 1_000,
    /** A worker's patience with its own end: what is bounded in it adds up to less, and supervisors kill after 10 s. */
    closeWithinMs: 9_000,
    /** A little longer than a worker gives itself. */
    stopWithinMs: 9_500,
    /** The first process outlives its workers and stops its Postgres after them, which takes a second or two. */
    firstCloseWithinMs: 20_000,
  },
  /** What a process reads before it listens, so that it has menus to give when the database is slow just then; see `composition/warm-caches.ts`. */
  warmCaches: {
    /** A machine's crowd is at a few stores; each costs a start some milliseconds, and a cache's question takes 200 keys that are new to it. */
    storesMax: 20,
    /** Each takes 1.4 s at most. More would keep away a process that the others wait for, fewer give up where a busy machine is only slow. */
    triesMax: 3,
  },
  /** What the page for engineers shows of the last minutes; see `src/platform/samples/`. */
  samples: {
    /** Reading what is counted takes a process a fraction of a millisecond; less often would show a burst as nothing. */
    everyMs: 5_000,
    /** Six minutes, some 100 KiB in one process of a node. What is longer ago is Prometheus' to keep. */
    slotsMax: 72,
    /** A worker that has no time says it late; longer would show everybody an old picture because of one that stands still. */
    graceMs: 2_500,
  },
  /** Traces of orders, where there is a collector; see `src/platform/traces/`. A dead collector costs this memory and nothing else. */
  traces: {
    /** Some 2 MiB. Less would drop the spans of a burst that is just what somebody wants to see. */
    queueMax: 2_048,
    /** As the library has it: more is a longer pause for whoever is served meanwhile. */
    batchMax: 256,
    everyMs: 2_000,
    /** A collector answers within milliseconds; one that hangs is asked again with the next batch. */
    exportWithinMs: 5_000,
    /** Part of the 9 s in which a process ends. */
    closeWithinMs: 1_000,
    /** Of 250 orders of a group all had the same transaction. */
    perGroupMax: 5,
  },
  /** How many jobs wait, for `/ops` and `/metrics`. */
  jobDepth: {
    /** However many look, one statement in so many milliseconds. */
    keptMs: 2_000,
    /** Counted in some 5 ms; whether there are ten thousand or a million jobs, what to do is the same. */
    lookedMax: 10_000,
  },
} as const;
