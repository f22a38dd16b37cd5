/** Settles as the promise does, or rejects after the time; the work itself goes on and its end is nobody's concern. */
export function withDeadline<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError(`${what} took longer than ${ms} ms.`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}
