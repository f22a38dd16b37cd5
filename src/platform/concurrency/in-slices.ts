/** How many pieces of work are done in one turn of the event loop: the larger of the two. */
export interface SlicesBounds {
  readonly atLeast: number;
  /** Of those that are left, from 0 to 1: however many there are, the last are not late by more than a few turns. */
  readonly share: number;
}

/**
 * Does many small pieces of work, in their order and over several turns of the event loop, the first of them at once. What became ready at one
 * moment for a crowd, such as the answers to a committed group, would otherwise keep everything else unread meanwhile.
 * @param work must not throw
 */
export async function inSlices<T>(
  items: readonly T[],
  work: (item: T) => void,
  { atLeast, share }: SlicesBounds,
): Promise<void> {
  for (let done = 0; done < items.length; ) {
    if (done > 0) await new Promise(setImmediate);
    const until = done + Math.max(atLeast, Math.ceil((items.length - done) * share));
    for (; done < until && done < items.length; done += 1) work(items[done]!);
  }
}
