/** What the end of something is tied to: a test's context, or `{ after }` of `node:test` for a whole file. */
export interface Lifetime {
  after(hook: () => Promise<void>): void;
}

type End = () => Promise<unknown>;
const endsOf = new WeakMap<Lifetime, End[]>();

/**
 * Does this at the end of `t`, whether it passes, fails or runs out of time. What was started last ends first, so that
 * what uses a server is gone before the server. Every end is tried; the first error fails the test.
 */
export function atEndOf(t: Lifetime, end: End): void {
  const known = endsOf.get(t);
  if (known) return void known.push(end);
  const ends = [end];
  endsOf.set(t, ends);
  t.after(async () => {
    const errors: unknown[] = [];
    for (let last = ends.pop(); last; last = ends.pop()) {
      await last().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  });
}
