/** Of the intake's waiting room, whatever forms the groups. */
const WAITING = {
  /**
   * At the rate that a core takes 4,000 are under a second; more would only wait longer, and be refused then. The store with the
   * crowd may have four fifths of them, one client two thirds of all: a dining room behind one address is one, a table half.
   */
  places: { placesMax: 4_000, shares: { store: 4, client: 2, table: 1 } },
  /**
   * No browser or proxy keeps a silent request open much longer. Overload control gives an order less where more come than can be
   * taken in time; less here would refuse a patient guest of a slow machine.
   */
  waitMaxMs: 30_000,
  /**
   * Longer than Postgres takes to start again after a crash; more, and its guest, who is to hear within 3 s, stares at a spinner for
   * nothing.
   */
  patienceMs: 2_750,
  /** Twenty times a second while somebody waits: late by a twentieth, and costs nothing. */
  tickMs: 50,
  /**
   * Thirty take some 6 ms, and a group of 250 is answered in six turns. More make turns long in which everything else lies unread; fewer,
   * and orders that were taken in time are answered late. See ADR 21 for what was tried.
   */
  answers: { atLeast: 30, share: 1 / 3 },
} as const;

/** How orders are let in, and what crowds in front of them are told. */
export const ORDERING_BOUNDS = {
  /** Orders on their way to the disk; `direct` is the textbook, one transaction an order. */
  intake: {
    direct: {
      ...WAITING,
      groupMax: 1,
      groupsMax: 8,
      groupsOfStoreMax: 4,
      sharedMax: 0,
      ownFrom: 1,
      crowdPerSecond: Number.POSITIVE_INFINITY,
      gatherMaxMs: 0,
      gatherTimes: 0,
      gatherQuietTimes: 0,
      gatherQuietMinMs: 0,
    },
    grouped: {
      ...WAITING,
      /** At 500 the raw statements are a sixth faster, and a guest waits twice as long. */
      groupMax: 250,
      /** Fewer, and three stores whose rows are held would keep the others' crowds waiting; more make more commits of smaller groups. */
      groupsMax: 4,
      /** A second would only wait for the first one's lock. */
      groupsOfStoreMax: 1,
      /** Everybody in it waits for all of it, so less than of one store; fewer would make more commits. */
      sharedMax: 100,
      /** So many are worth a commit of their own; fewer would make a commit for each of many middling stores. */
      ownFrom: 25,
      /**
       * With a crowd's orders in the shared group a neighbour waits for the group before its own as well, which is twice its time. Fewer are
       * no crowd and would only make more commits; more, and a full kitchen's wave of guests goes in with everybody else's.
       */
      crowdPerSecond: 10,
      /**
       * Half of what an order of a crowd costs is its group's: a transaction, a dozen statements, its jobs. On a quick machine a group of three is
       * committed before a fourth has come. A fifth of what answers within 100 ms may take is nobody's to notice; longer, and guests wait for little more.
       */
      gatherMaxMs: 20,
      /** As long as status questions do; see `src/order/snapshot-cache.ts`. */
      gatherTimes: 4,
      /**
       * Of orders that come by chance one pause in fifty is longer, so a group of an open crowd hardly ends before its time. With two its groups are a third
       * smaller; with more, phones that order again as soon as they are answered wait longer for orders that cannot come.
       */
      gatherQuietTimes: 4,
      /** What came together is read in one or two turns of the event loop. Less would take the pause between two turns for the end of a crowd. */
      gatherQuietMinMs: 3,
    },
  },
  /** The virtual line of orders; see `src/order/line/`. */
  line: {
    /** Twice the largest crowd that ever came to one shop; each costs eight bytes, and past it a refusal has no place. */
    waitingMax: 200_000,
    /** A table of a large party, each with a phone and a second try; more are one phone's made-up orders. */
    perSessionMax: 20,
    /**
     * A tenth of the line, so that no one address is all of it. Fewer would refuse a stadium behind one address, and limits are of tables
     * first; more, and one phone with made-up tables is the line.
     */
    perClientMax: 20_000,
    /** Nobody waits longer for lunch; a longer one would let a place of this noon in this evening. */
    placeLivesMs: 2 * 60 * 60 * 1000,
    /** Four times a second while there is a line: more often is more statements, less often lets people in by larger crowds. */
    tickMs: 250,
    /** Of one process' time, for those who ask how far it is. */
    pollShare: 0.1,
    /** An intake in which an order waits longer takes nobody from the line: half of what an answer may take is left for all the rest. */
    fullMs: 400,
  },
  /**
   * Orders that a process knows, so that their guests' questions need no more than a look whether they have changed: those of twelve seconds of the
   * largest crowd, or of a day; 1 to 2 kB each. Fewer would read a crowd's anew at every second question, more would be memory for who has eaten.
   */
  knownOrdersMax: 10_000,
  /** Orders that are sent again. */
  replays: {
    /** What one process acknowledges in five seconds of the largest crowd, or in an evening; 250 bytes each. */
    keptMax: 20_000,
    /** Younger keys have hardly been answered, let alone been sent again. A phone's clock that is wrong costs a look-up, or tries later. */
    retryAgeMs: 1_000,
    /** A millisecond of one connection; more would make those who wait for it wait for others' rows. */
    lookUpsMax: 100,
    /** Ten statements, and then an answer comes no sooner than the next try. */
    waitingMax: 1_000,
    /**
     * A crowd of 4,000 a second is then looked up eighty at a time. At once, it was looked up five at a time, which cost more than the
     * refusals saved; longer, and who is refused notices.
     */
    refusalWaitMs: 20,
    /**
     * Ten times what a look-up takes on a busy day. Less, and a replay is refused because others have the core; more, and who is refused does
     * not hear it at once when Postgres stands still.
     */
    lookUpWithinMs: 60,
  },
  /** A crowd that wants what is sold out. */
  soldOut: {
    /**
     * Fewer are no crowd: the database answers them in its groups and to the moment, and an ordinary day pays nothing for this. More,
     * and a process is busy with refusals before it begins to make them cheap.
     */
    crowdPerSecond: 100,
    /** Longer than the pause between two waves of a crowd; the rest of a day, and orders would be looked up for nothing. */
    crowdMs: 5_000,
  },
  /** Parties in front of one store. */
  waitlist: {
    /** Nobody is seated from such a line; what is longer is a mistake or an attack. Less would refuse the day that this is built for. */
    waitingMax: 50_000,
    /** Parties of one transaction: they fit into one notification. Fewer would make more commits when a crowd comes at the opening. */
    groupMax: 50,
    /** Forty transactions, which take a second or less; more would wait longer than a phone does. */
    joiningMax: 2_000,
  },
  /** What sells now. */
  ranking: {
    /** Of one process without Redis; a store that sells sixty dishes round the clock takes 2 MB. Fewer, and a chain's stores push each other out. */
    placesMax: 300,
    /**
     * A process without Redis hears of others' counts by asking, for all stores that are read at once. Sooner would be a question
     * every half second for something that nobody decides by; later, and a guest's own order seems not to count.
     */
    checkEveryMs: 2_000,
  },
  /** Photos of dishes; see `src/menu/photo/`. */
  photos: {
    /** A phone's camera makes 3 to 8 MB; more is a camera's raw picture, which no page needs. The dish's form sends less than 1 MB. */
    bytesMax: 10_000_000,
    /** Phones make up to 50 million; a JPEG is decoded at the size that is needed, so this costs some 150 MB at worst. */
    jpegPixelsMax: 50_000_000,
    /** These may have to be unpacked as a whole, 64 MB; a few kilobytes of them can claim a hundred times as much. */
    otherPixelsMax: 16_000_000,
    /** A picture of the largest takes a second; what takes ten is made to. */
    workSecondsMax: 10,
    /** One thread of the four that compress menus as well; ten who wait are three seconds, and people who upload can wait. */
    turns: { underwayMax: 1, waitingMax: 10, waitMsMax: 20_000 },
    /** The longest menus have some hundred dishes, and a season ago's photos are kept for a month; some 150 KB each. */
    photosOfStoreMax: 1_000,
    /** Of one process, asked for lately: the cards of fifty stores. Fewer would ask the database for what a crowd looks at. */
    keptBytesMax: 32 * 1024 * 1024,
    keptMax: 2_000,
    /** Photos that menus name at other servers. */
    copies: {
      /** A slow server's 10 MB; who needs longer is tried again. */
      timeoutMs: 15_000,
      /** From http to https, to www, to where files are; more is a ring. */
      redirectsMax: 3,
      connectionsMax: 4,
      atOnce: 4,
      /** Of one run, a minute at worst, so that webhooks get their places back and menus their photos. */
      copiesMax: 16,
      /** The run's minute and the making of four. */
      holdMs: 120_000,
      /** A server that is restarted, one that is repaired, one that comes back tomorrow. */
      pausesMs: [60_000, 600_000, 3_600_000, 24 * 3_600_000],
    },
  },
} as const;
