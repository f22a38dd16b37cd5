import type { LiveMessage } from '../contract/index.ts';
import type { EventStream } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import type { Party } from './parties.ts';
import type { ViewParties } from './party-views.ts';
import type { PartyRef } from './ports.ts';

/** A line in which somebody moves every second tells its readers once in this time: a place that is half a second old is a place. */
const TELL_EVERY_MS = 500;
/** Parties read or placed at once, between which others have their turn. */
const AT_ONCE = 500;

export interface FollowPartiesDeps {
  readonly live: LiveHub;
  /** @returns in their order; undefined where there is none */
  readonly read: (refs: readonly PartyRef[]) => Promise<(Party | undefined)[]>;
  readonly view: ViewParties;
}

interface Follower {
  readonly stream: EventStream;
  /** As it was read last; undefined: to be read. */
  party: Party | undefined;
  sent: string;
}

/** The open pages of one line in this process. */
interface Line {
  readonly followers: Map<string, Set<Follower>>;
  end(): void;
  tell(): void;
}

/**
 * Sends each reader its whole party at the beginning, whenever its place or state changes, and after a gap. Readers of one line share
 * the work: only those that a change names are read again, the others are placed again, together.
 */
export function createFollowParties({ live, read, view }: FollowPartiesDeps) {
  const lines = new Map<string, Line>();

  function openLine(storeId: string): Line {
    const followers: Line['followers'] = new Map();
    let timer: NodeJS.Timeout | undefined;
    let toldMs = Number.NEGATIVE_INFINITY;
    let telling = false;
    let again = false;

    async function tellAll(): Promise<void> {
      const all = [...followers].flatMap(([id, set]) => [...set].map((follower) => ({ id, follower })));
      for (let from = 0; from < all.length; from += AT_ONCE) {
        const some = all.slice(from, from + AT_ONCE);
        const unread = some.filter(({ follower }) => !follower.party);
        if (unread.length > 0) {
          const found = await read(unread.map(({ id }) => ({ storeId, id })));
          for (const [index, { follower }] of unread.entries()) follower.party = found[index];
        }
        const known = some.filter(({ follower }) => follower.party);
        const views = await view(known.map(({ follower }) => follower.party!));
        for (const [index, { follower }] of known.entries()) {
          const text = JSON.stringify(views[index]);
          if (text === follower.sent || follower.stream.closed) continue;
          follower.sent = text;
          follower.stream.send('party', views[index]);
        }
      }
    }

    function run(): void {
      timer = undefined;
      telling = true;
      again = false;
      toldMs = performance.now();
      tellAll()
        // Readers come back and read the truth.
        .catch(() => {
          for (const set of followers.values()) for (const { stream } of set) stream.end();
        })
        .finally(() => {
          telling = false;
          if (again) tell();
        });
    }

    function tell(): void {
      if (telling) again = true;
      else timer ??= setTimeout(run, Math.max(0, toldMs + TELL_EVERY_MS - performance.now()));
    }

    const forget = (ids: Iterable<string>) => {
      for (const id of ids) for (const follower of followers.get(id) ?? []) follower.party = undefined;
      tell();
    };
    const ends = [
      live.subscribe(`waitlist ${storeId}`, (message: LiveMessage) => {
        if (message.kind === 'waitlist') forget(message.moves?.map(({ id }) => id) ?? followers.keys());
      }),
      live.onGap(() => forget(followers.keys())),
    ];
    return {
      followers,
      tell,
      end() {
        clearTimeout(timer);
        for (const end of ends) end();
      },
    };
  }

  return (stream: EventStream, { storeId, id }: PartyRef): void => {
    const line = lines.get(storeId) ?? openLine(storeId);
    lines.set(storeId, line);
    const follower: Follower = { stream, party: undefined, sent: '' };
    const set = line.followers.get(id) ?? new Set();
    line.followers.set(id, set.add(follower));
    stream.onClose(() => {
      set.delete(follower);
      if (set.size === 0) line.followers.delete(id);
      if (line.followers.size > 0) return;
      line.end();
      if (lines.get(storeId) === line) lines.delete(storeId);
    });
    line.tell();
  };
}
