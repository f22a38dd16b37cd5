import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { trustProxies } from './platform/http/client-of.ts';

/** A wrong environment value: one line that says which, why and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const oneOf =
  <const T extends readonly string[]>(...allowed: T) =>
  (name: string, value: string): T[number] => {
    if (!allowed.includes(value)) throw new ConfigError(`${name}=${value}: allowed are ${allowed.join(', ')}.`);
    return value;
  };

const integer = (min: number, max: number) => (name: string, value: string) => {
  const parsed = Number(value);
  if (!/^\d+$/.test(value) || parsed < min || parsed > max) {
    throw new ConfigError(`${name}=${value}: a whole number from ${min} to ${max} is needed.`);
  }
  return parsed;
};

const share = (name: string, value: string): number => {
  const parsed = Number(value);
  if (!/^[\d.]+$/.test(value) || !(parsed >= 0 && parsed <= 1)) {
    throw new ConfigError(`${name}=${value}: a number from 0 to 1 is needed.`);
  }
  return parsed;
};

const url =
  (...protocols: string[]) =>
  (name: string, value: string) => {
    const schemes = protocols.map((protocol) => `${protocol}://`).join(' or ');
    for (const part of value.split(',')) {
      const parsed = URL.parse(part.trim());
      if (!parsed || !protocols.includes(parsed.protocol.slice(0, -1))) {
        throw new ConfigError(`${name}: an address that begins with ${schemes} is needed.`);
      }
    }
    return value;
  };

/** Where guests find the server: an origin alone, as paths are added to it. */
const origin = (name: string, value: string): string => {
  const parsed = URL.parse(value);
  const isOrigin =
    parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && parsed.pathname === '/' && !/[?#]/.test(value);
  if (!isOrigin) {
    throw new ConfigError(
      `${name}=${value}: an address such as https://eat.example is needed, with nothing after the name and port.`,
    );
  }
  return parsed.origin;
};

/** Random text has more than twice as many; a word that is typed again and again has fewer. */
const LETTERS_MIN = 8;
/** What stands in examples and is typed by hand: the first things that are guessed. */
const WELL_KNOWN =
  /change.?(me|this|it)|replace.?(me|this)|your.?(secret|key|password)|(super|top|my).?secret|pass.?w(or|0r)d|example|sample|placeholder|qwerty|letmein|abcdefgh|0123456789abcdef|1234567890123456/i;

const wanted = 'make one with `openssl rand -base64 32`';

/** Tried over the network only, where tries are bounded and each costs a request: its length is enough. */
const longKey = (name: string, value: string) => {
  if (value.length < 16)
    throw new ConfigError(`${name}: at least 16 characters are needed, ${value.length} were given; ${wanted}.`);
  return value;
};

/** Signs what everybody is shown, so it can be guessed at home without an end. */
const secret = (name: string, value: string) => {
  longKey(name, value);
  const letters = new Set(value).size;
  if (letters < LETTERS_MIN)
    throw new ConfigError(
      `${name}: at least ${LETTERS_MIN} different characters are needed, ${letters} were given; ${wanted}.`,
    );
  if (WELL_KNOWN.test(value) || /^(.{1,15})\1+$/s.test(value))
    throw new ConfigError(`${name}: this one is easily guessed, and random text is needed; ${wanted}.`);
  return value;
};

const proxies = (name: string, value: string): readonly string[] => {
  const addresses = value.split(',').map((address) => address.trim());
  for (const address of addresses) {
    try {
      if (address !== 'loopback' && isIP(address.split('/')[0]!) === 0) throw new TypeError('not an address');
      trustProxies([address]);
    } catch {
      throw new ConfigError(
        `${name}=${value}: '${address}' is no proxy's address; allowed are loopback, addresses and ranges such as 10.0.0.0/8, with commas between them.`,
      );
    }
  }
  return addresses;
};

/** `tiered` names a second tier, so there must be one. */
const needing =
  <T extends string>(cacheUrl: string | undefined, parse: (name: string, value: string) => T) =>
  (name: string, value: string): T => {
    const parsed = parse(name, value);
    if (parsed === 'tiered' && !cacheUrl) {
      throw new ConfigError(`${name}=tiered: the second tier's address is needed in CACHE_URL or REDIS_URL.`);
    }
    return parsed;
  };

/**
 * Reads the environment once; the only place that does.
 * @throws ConfigError for the first value that is not allowed.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const read = <T>(name: string, parse: (name: string, value: string) => T): T | undefined => {
    const value = env[name]?.trim();
    return value ? parse(name, value) : undefined;
  };
  const redisUrl = read('REDIS_URL', url('redis', 'rediss'));
  const ownSecret = read('SECRET', secret);
  const cacheUrl = read('CACHE_URL', url('redis', 'rediss', 'memcached')) ?? redisUrl;
  return {
    /** Unset: an embedded Postgres under `home`. */
    databaseUrl: read('DATABASE_URL', url('postgres', 'postgresql')),
    /** A pooler in transaction mode before that database, for requests; unset: they connect directly, as all else does. */
    databasePoolerUrl: read('DATABASE_POOLER_URL', url('postgres', 'postgresql')),
    /** Connections of one process's requests; see `BOUNDS.db`. */
    databaseConnections: read('DATABASE_CONNECTIONS', integer(7, 29)) ?? 29,
    /** A streaming replica of that database for what may be a little old: the owner's sales. Unset: the database itself. */
    databaseReplicaUrl: read('DATABASE_REPLICA_URL', url('postgres', 'postgresql')),
    /** Unset: everything that Redis would do is done in process. Several addresses: a Cluster. */
    redisUrl,
    cacheUrl,
    port: read('PORT', integer(0, 65_535)) ?? 3000,
    host: env.HOST?.trim() || '127.0.0.1',
    /** What links and QR codes begin with. Unset: an address in the local network, where `HOST` lets others in. */
    publicUrl: read('PUBLIC_URL', origin),
    /** API processes. More than the cores only takes turns; 64 is more than any single node needs. */
    workers: read('WORKERS', integer(1, 64)) ?? 1,
    /** Signs guest tokens, places in the line, kitchen keys and stream tickets. Unset: made once and kept under `home`. */
    secret: ownSecret,
    /** The `SECRET` before this one, while it is rotated: what it signed is still believed, and nothing is signed by it. */
    secretPrevious: read('SECRET_PREVIOUS', (name, value) => {
      if (!ownSecret) throw new ConfigError(`${name}: a SECRET is needed beside it, which signs what is new.`);
      if (value === ownSecret) throw new ConfigError(`${name}: another one than SECRET is needed, the one before it.`);
      return value;
    }),
    adminKey: read('ADMIN_KEY', longKey),
    /** With it `matjip print-agent` asks for slips: a device's key or a store's kitchen key. */
    printKey: env.PRINT_KEY?.trim() || undefined,
    home: resolve(env.MATJIP_HOME?.trim() || '.matjip'),
    cache: read('CACHE', needing(cacheUrl, oneOf('off', 'memory', 'tiered'))) ?? 'memory',
    /** How long `expiry` keeps, how often `external` refreshes. */
    cacheTtlMs: read('CACHE_TTL_MS', integer(100, 3_600_000)) ?? 10_000,
    /** `off` only to show the stampede of `CACHE_REFRESH=expiry`. */
    cacheSingleFlight: read('CACHE_SINGLE_FLIGHT', oneOf('on', 'off')) ?? 'on',
    /** `off`: with `CACHE_REFRESH=external` another process refreshes, or nobody. */
    cacheRefresher: read('CACHE_REFRESHER', oneOf('on', 'off')) ?? 'on',
    cacheRefresh: read('CACHE_REFRESH', oneOf('event', 'expiry', 'external', 'never')) ?? 'event',
    intake: read('INTAKE', oneOf('direct', 'grouped')) ?? 'grouped',
    effects: read('EFFECTS', oneOf('inline', 'queued')) ?? 'queued',
    /** `off`: this process serves only, and `matjip work` runs the jobs. */
    work: read('WORK', oneOf('on', 'off')) ?? 'on',
    /** `on`: webhooks may go to http and private addresses, for trials in one's own network. */
    webhookAllowPrivate: read('WEBHOOK_ALLOW_PRIVATE', oneOf('on', 'off')) ?? 'off',
    /** Proxies whose `X-Forwarded-For` names the client; unset: the client is the socket's peer. */
    trustProxy: read('TRUST_PROXY', proxies) ?? [],
    /** `off`: no bounds per client and table session, for load tests, where one address is a whole crowd. */
    limits: read('LIMITS', oneOf('on', 'off')) ?? 'on',
    /** `off`: a full process refuses nothing before it works, so that what overload control is worth can be measured. */
    overload: read('OVERLOAD', oneOf('on', 'off')) ?? 'on',
    /** Who takes guests' money by phone: nobody, or a provider to try it with, whose money is not real. */
    payment: read('PAYMENT', oneOf('off', 'sandbox')) ?? 'off',
    /** Where this machine reaches the sandbox; unset: itself. For `matjip work` on a machine that serves nobody. */
    paymentUrl: read('PAYMENT_URL', origin),
    rollup: read('ROLLUP', oneOf('per-order', 'scheduled')) ?? 'scheduled',
    /** A collector of OpenTelemetry that is sent traces of orders; unset: none are made. */
    tracesUrl: read('OTEL_EXPORTER_OTLP_ENDPOINT', url('http', 'https')),
    /** What share of the orders is traced. One of a hundred shows what is slow; all of a crowd's would be work for nothing. */
    tracesShare: read('OTEL_TRACES_SAMPLER_ARG', share) ?? 0.01,
    logLevel: read('LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent')) ?? 'warn',
  } as const;
}

export type Config = ReturnType<typeof readConfig>;

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
} as const;

/** Every bound that is not a client's business; those of the wire are in `src/contract/`. */
export const BOUNDS = {
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
  connections: {
    /** At 60 KiB each these take 1 GiB; a crowd of 12,000 phones has room in one process, and more belong on another. */
    connectionsMax: 16_000,
    /**
     * One address may have a fifth of all while it is alone, 3,200: a dining room's 500 phones with six connections each. With ten
     * greedy addresses each has 1,142 and a newcomer as many. Proxies that are trusted bring everybody's and have no such bound.
     */
    clientShare: 1 / 4,
  },
  /**
   * Connections of one process by use, 29 in all, and how many questions wait for them. One core keeps about 10 busy, and most
   * of these rest; fewer would let one statement that hangs hold up its whole use, more only queue inside Postgres. What waits longer
   * than these allow is older than a second by the time it is answered.
   */
  db: {
    /**
     * Groups of orders, five at once, or eight with `INTAKE=direct`; nobody waits who is not in a group. The lock time-out is longer than
     * the groups of a dozen processes for one store take, which queue for its row, and no longer than an answer is useful.
     */
    intake: { connectionsMax: 8, waitingMax: 50, lockTimeoutMs: 1_000 },
    /** Replays and cancels; three cancels of one store at once. */
    orders: { connectionsMax: 8, waitingMax: 200 },
    /**
     * Kitchens, printers, owners: no stranger's question is ever in front of theirs. With two, two changes of an owner that wait for a
     * held row would hold up every kitchen.
     */
    staff: { connectionsMax: 5, waitingMax: 1_000 },
    /** Guests' looks at their orders share two questions, so two are all that is used at once. */
    status: { connectionsMax: 2, waitingMax: 100 },
    /** Stores by name: one question for all who ask, and one more when that hangs. Every request needs its answer. */
    stores: { connectionsMax: 2, waitingMax: 100 },
    /** Menus, loaded when they changed. */
    menus: { connectionsMax: 2, waitingMax: 500 },
    /** What anybody may ask: pages of the list of stores, pick-up boards. */
    public: { connectionsMax: 2, waitingMax: 500 },
  },
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
  /** When a process is full, and how soon it notices; see `src/platform/overload/`. */
  overload: {
    /**
     * Lower, and a burst of large menus is taken for a flood, and most of a turn goes into reading; higher, and refusals come late, and an
     * order's six turns take longer than its guest waits.
     */
    targetMs: 40,
    windowMs: 100,
    /** A collection of garbage or one slow answer is over by then. */
    patienceMs: 200,
    /** Most turns of a process that just bears its load take less than 55 ms; what is refused later than 100 ms is refused late. */
    pressFromMs: 55,
    pressToMs: 105,
  },
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
  /** One core keeps about 10 connections busy; more only queue inside Postgres, where they cost memory. */
  dbConnectionsMax: 10,
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
  /** A request's key may be this far off: clocks of phones drift, a day is plenty, a year is an attack. */
  keyClockSkewMs: 24 * 60 * 60 * 1000,
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
  /** Parties in front of one store. */
  waitlist: {
    /** Nobody is seated from such a line; what is longer is a mistake or an attack. Less would refuse the day that this is built for. */
    waitingMax: 50_000,
    /** Parties of one transaction: they fit into one notification. Fewer would make more commits when a crowd comes at the opening. */
    groupMax: 50,
    /** Forty transactions, which take a second or less; more would wait longer than a phone does. */
    joiningMax: 2_000,
  },
  jobs: {
    /**
     * Jobs of one worker pool at once. Those of one kind share a transaction, so these keep as many connections busy as there are
     * kinds, which is four; more would wait longer in a process that may die.
     */
    concurrency: 32,
    /**
     * Orders of one store a second in one process from which its jobs are a crowd's. More than any dining room's, and a tenth of what
     * the kitchen's work of one process takes.
     */
    crowdPerSecond: 50,
    /** One for each kind, and one for what the clock starts. */
    connectionsMax: 5,
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
    /** Of the books: one for each of the three kinds; they rest most of the time. */
    connectionsMax: 3,
    /** A store's day of a million orders is read in less than ten seconds; a statement that takes longer than this hangs. */
    statementTimeoutMs: 120_000,
    /** Longer than one who posts holds the books; a job that waits in vain is tried again. */
    lockTimeoutMs: 30_000,
    /** Of one transaction: more would hold more memory, fewer would write the same rows of the books more often. */
    postingsMax: 20_000,
    /** A run begins nothing new after that, and the next goes on: less would never end a long night, more would hold up its successor. */
    runMs: 60_000,
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
  /** Stores that are spread over machines; see `matjip shard`. */
  shards: {
    /**
     * Into how many parts stores are divided; a part moves as one. Fewer, and the parts of ten machines are of very different size; more,
     * and each month has eight new tables for each of them on the machine that holds it.
     */
    parts: 32,
    /** A part takes seconds to minutes to move. */
    lookEveryMs: 1_000,
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
} as const;
