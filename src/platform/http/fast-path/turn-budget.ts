/** How much of one turn of the event loop work of one kind may take; the next turn has as much again. */
export interface TurnBudget {
  readonly hasTime: boolean;
  /** So many milliseconds of this turn went into such work. */
  spend(tookMs: number): void;
  /** The turn has been long enough to be one more. */
  endTurn(): void;
  close(): void;
}

/** @param turnMs milliseconds of one turn */
export function createTurnBudget(turnMs: number): TurnBudget {
  let spentMs = 0;
  let atEnd: NodeJS.Immediate | undefined;

  function endTurn(): void {
    clearImmediate(atEnd);
    atEnd = undefined;
    spentMs = 0;
  }

  return {
    get hasTime() {
      return spentMs < turnMs;
    },
    spend(tookMs) {
      spentMs += tookMs;
      atEnd ??= setImmediate(endTurn);
    },
    endTurn,
    close: () => clearImmediate(atEnd),
  };
}
