/**
 * Makes this process's clocks ones that can be moved ahead. Timers stay as they are.
 * @param options.stands whether they go on by themselves no more, so that however slow the machine is all is done in one moment
 * @returns `pass` moves them, and says how far ahead they are; `restore` makes them right again
 */
export function movableClock({ stands = false } = {}): { pass(ms: number): number; restore(): void } {
  const clocks = [performance, Date].map((clock) => ({ clock, now: clock.now.bind(clock), beganMs: clock.now() }));
  let aheadMs = 0;
  for (const { clock, now, beganMs } of clocks) clock.now = () => (stands ? beganMs : now()) + aheadMs;
  return {
    pass(ms) {
      aheadMs += ms;
      return aheadMs;
    },
    restore() {
      for (const { clock, now } of clocks) clock.now = now;
    },
  };
}
