/**
 * The bounds of one order, apart from the schemas so that a page can hold them without loading a schema library.
 * A round for a table of twenty fits many times over; a mistake or an attack does not.
 */
export const LINES_MAX = 50;
export const QUANTITY_MAX = 99;
export const OPTIONS_PER_LINE_MAX = 20;
export const NOTE_LENGTH_MAX = 200;
/** Portions of a dish that are left, or that a day begins with. */
export const ITEM_REMAINING_MAX = 100_000;
export const TABLE_LENGTH_MAX = 20;
/** Longer is no key of a table's link, whatever signed it. */
export const TABLE_KEY_LENGTH_MAX = 64;
/** Longer is no code of a visit. */
export const VISIT_CODE_LENGTH_MAX = 12;

/** Why a store takes no orders: one line on a phone. */
export const REASON_LENGTH_MAX = 120;

/** The largest party that one table, or several pushed together, can be found for; a wedding calls before. */
export const PARTY_SIZE_MAX = 50;
/** Enough for what is called out across a room. */
export const PARTY_NAME_LENGTH_MAX = 30;
/** How often a party may let others go first: each costs those behind nothing, but a line of the undecided never moves. */
export const STEPS_BACK_MAX = 3;
/** How many parties are let past with one step back: less is over before the child is dressed, more feels like a punishment. */
export const STEP_PLACES = 3;
/** How long a called party is waited for: long enough to come back from the corner, short enough that a free table stays free. */
export const CALL_HELD_MINUTES = 5;
