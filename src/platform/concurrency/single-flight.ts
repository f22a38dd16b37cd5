/**
 * Those who ask for the same key share one question that began after they asked: while one is under way, all who come meanwhile share
 * the next. A thousand who ask at once are two questions, and nobody gets an answer older than their own asking.
 */
export function createSingleFlight<T>(run: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const keys = new Map<string, { running: Promise<T>; next: Promise<T> | undefined }>();

  function begin(key: string): Promise<T> {
    const running = run(key);
    const entry = { running, next: undefined };
    keys.set(key, entry);
    const done = () => {
      if (keys.get(key) === entry && !entry.next) keys.delete(key);
    };
    running.then(done, done);
    return running;
  }

  return (key) => {
    const known = keys.get(key);
    if (!known) return begin(key);
    known.next ??= known.running.then(
      () => begin(key),
      () => begin(key),
    );
    return known.next;
  };
}
