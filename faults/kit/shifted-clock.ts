/** Loaded before a program: its clock is off by CLOCK_OFF_MS, as a machine's is that nobody looks after. */
const offMs = Number(process.env.CLOCK_OFF_MS);
const RightDate = Date;

class ShiftedDate extends RightDate {
  constructor(...args: []) {
    if (args.length === 0) super(ShiftedDate.now());
    else super(...args);
  }
  static override now(): number {
    return RightDate.now() + offMs;
  }
}
globalThis.Date = ShiftedDate as unknown as DateConstructor;
