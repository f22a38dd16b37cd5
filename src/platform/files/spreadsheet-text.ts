/*
 * Text in files that spreadsheets open. What begins like a formula is worked out on the reader's machine (OWASP, CSV injection), so it
 * is written with an apostrophe before it, and that is taken away again when the file is read. Text that has such an apostrophe of its
 * own gets one more, so that both come back as they were.
 */

const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;

/** Text as it may stand in a cell. */
export const defused = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** What {@link defused} was given. */
export const undefused = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);
