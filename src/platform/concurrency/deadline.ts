/**
 * Settles as the promise does, or rejects after the time; the work itself goes on and its end is nobody's concern.
 * A process that was busy looks once more at what has arrived meanwhile: its own slowness is not the other's.
 */
export function withDeadline<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new DeadlineError(`${what} took longer than ${ms} ms.`));
    const timer = setTimeout(() => setImmediate(setImmediate, late), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What {@link withDeadline} rejects with. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}
