import { keep, recall } from './storage.ts';

const RELOADED = 'matjip:reloaded';
/** Twice in a minute is not an update. */
const AGAIN_MS = 60_000;

/**
 * Loads a part of the page that did not come with it. When the server was updated since, the part's file is gone: the page is then loaded
 * anew, where it was, rather than telling its guest of a connection that is fine.
 * @throws what the load threw, when nothing answers
 */
export async function late<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const answers = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    );
    // Where nothing can be kept, the page might load itself without end.
    if (answers && !recall(RELOADED, AGAIN_MS, 'sessionStorage') && keep(RELOADED, true, 'sessionStorage')) {
      location.reload();
    }
    throw error;
  }
}
