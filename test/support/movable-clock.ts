/**
 * Makes this process's clocks, which go on by themselves, ones that can be moved ahead. Timers stay as they are.
 * @returns `pass` moves them, and says how far ahead they are; `restore` makes them right again
 */
export function movableClock(): { pass(ms: number): number; restore(): void } {
  const clocks = [performance, Date].map((clock) => ({ clock, now: clock.now.bind(clock) }));
  let aheadMs = 0;
  for (const { clock, now } of clocks) clock.now = () => now() + aheadMs;
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
