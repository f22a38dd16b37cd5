/** So far a phone's clock, and with it the time inside an order's id, may be off. */
export const CLOCK_SKEW_HOURS = 24;
