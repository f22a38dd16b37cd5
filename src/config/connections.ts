/** What requests, connections and streams may take of one process. */
export const CONNECTIONS_BOUNDS = {
  /** 50 lines with long notes take 40 KiB as JSON; more is a mistake or an attack. */
  bodyBytesMax: 128 * 1024,
  /** Longer than any honest slow phone's upload of 128 KiB; shorter would cut off 2G. */
  requestTimeoutMs: 15_000,
  /** An order is answered within 3 s, also when Postgres is away; a person who presses Ctrl-C waits no longer than this. */
  closeWithinMs: 5_000,
  slowHeads: {
    /** A head is one packet, so this is the patience with a network that loses it a few times; less would cut off phones in lifts. */
    headersTimeoutMs: 10_000,
    /** Each look costs microseconds, as the open connections are kept in the order of their time. */
    checkEveryMs: 1_000,
  },
  opsPort: {
    /** A Prometheus, a supervisor and some people; a hundred more would only find `/metrics` slow. */
    connectionsMax: 100,
    /** As for guests. */
    headersTimeoutMs: 10_000,
  },
  connections: {
    /** At 60 KiB each these take 1 GiB; a crowd of 12,000 phones has room in one process, and more belong on another. */
    connectionsMax: 16_000,
    /**
     * One address may have a fifth of all while it is alone, 3,200: a dining room's 500 phones with six connections each. With ten
     * greedy addresses each has 1,142 and a newcomer as many. Proxies that are trusted bring everybody's and have no such bound.
     */
    clientShare: 1 / 4,
  },
  /** A request's key may be this far off: clocks of phones drift, a day is plenty, a year is an attack. */
  keyClockSkewMs: 24 * 60 * 60 * 1000,
  /** How much a process works on at once; see `src/platform/overload/`. */
  overload: {
    /**
     * Lower, and guests are refused who could be served: where database and process share a core an order takes 300 ms while everybody is served.
     * Higher, and the slowest of those let in miss the second for which an answer is useful.
     */
    targetMs: 400,
    /** Four turns of 50 ms. Lower, and fewer orders are taken at five times the load; higher, and refusals come late. */
    hastyMs: 200,
    /**
     * Lower, and the first half second of a rush that could be served is refused in part; higher, and what the first second of a flood lets in keeps
     * turns long for the next.
     */
    start: 200,
    /** Six tenths of it are a handful, which is never refused. Higher, and a slow machine keeps more than it answers in time. */
    min: 40,
    /** As many as the intake has places. */
    max: 4_000,
    /** Orders of a store that has a flood beside others' guests, who wait for as long as the flood's orders do: they share the turns. */
    flood: {
      /** A quarter of what answers may take. Lower, and it is what an order takes in an idle process; higher, and the others notice. */
      targetMs: 100,
      hastyMs: 100,
      /** A fifth of a process' first limit, and from there on what is found out. */
      start: 40,
      /** Six tenths of it are let in however long they take: without one order under way nothing would be found out. */
      min: 10,
      max: 4_000,
      neighbours: {
        /** Simulated, their slowest hundredth then takes 1.6 times as long as without a flood. Lower, and most of a crowd that is borne is refused; higher, and it takes more than twice. */
        times: 2,
        /**
         * A quarter of the tenth of a second that seems to be at once. Less, and a crowd is refused for a wait that nobody notices; higher, and a quick process becomes a
         * slow one for them.
         */
        leastMs: 25,
        /** What half a flood's own orders may take. Higher, and a process that begins in a flood does not care for them; lower, and a far database is taken for one. */
        unknownMs: 50,
      },
    },
  },
  streams: {
    /**
     * Places of one process by class, and how much of what is still free one store or one client may have of them (see
     * `fair-shares.ts`). 14,000 readers take about 280 MiB; more belong on another process.
     */
    places: {
      /** Screens of kitchens. Nobody else takes these: 300 stores with five screens each, or 1,000 of one store with a hall of them. */
      staff: { placesMax: 1_500, shares: { store: 2 } },
      /**
       * Guests who follow their own order. The store with the crowd may have nearly all (10,222), and one address half: behind one
       * of a mobile network stand thousands of guests, and each of these streams was bought with an order.
       */
      status: { placesMax: 11_500, shares: { store: 8, client: 1 } },
      /** Pick-up boards, which anybody may open: one store or one address has half at most, and who finds no place polls. */
      'public-stream': { placesMax: 1_000, shares: { store: 1, client: 1 } },
    },
    /** An event has 300 bytes, so a reader may be 200 behind before it is let go. */
    pendingBytesMax: 64 * 1024,
    /** Shorter than the minute after which proxies give up on a silent connection. */
    heartbeatMs: 20_000,
    /** A session that ended ends its streams about as soon as its requests; one statement a second, while staff follow anything. */
    sessionsEveryMs: 1_000,
  },
  /** The connection by which a process hears what others changed. */
  live: {
    heartbeat: {
      /** Silence is counted in these. */
      tickMs: 500,
      /** After 2 s of silence: more often costs every idle process, less often leaves no time for the answer. */
      askAfter: 4,
      /** After 4 s: a kitchen that is deaf for longer has cold food. An answer takes milliseconds, so 2 s are none. */
      lostAfter: 8,
    },
    /** A Postgres that recovers refuses at once; one that says nothing for so long is tried again rather than waited for. */
    connectWithinMs: 3_000,
    reconnectFirstMs: 100,
    /** Fifty processes that knock once a second cost a database that comes back nothing, and nobody is deaf for longer. */
    reconnectMaxMs: 1_000,
  },
} as const;
