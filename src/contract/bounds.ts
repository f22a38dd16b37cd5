/**
 * The bounds of one order, apart from the schemas so that a page can hold them without loading a schema library.
 * A round for a table of twenty fits many times over; a mistake or an attack does not.
 */
export const LINES_MAX = 50;
export const QUANTITY_MAX = 99;
export const OPTIONS_PER_LINE_MAX = 20;
export const NOTE_LENGTH_MAX = 200;
export const TABLE_LENGTH_MAX = 20;
