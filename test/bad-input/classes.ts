/**
 * The sixteen kinds of bad input that every route is asked with, and what of each is tried. `docs/security.md` lists them with their
 * counts, and a test holds that list to this one.
 */
export const CLASSES = {
  JSON: 'bodies that are no JSON, end early, nest deep, name a thing twice, or are another kind of value',
  numbers: 'below, above and between what a number may be, and text in its place',
  Unicode: 'Hangul in parts, joined emoji, text from right to left, half of a pair, U+0000, ten thousand marks',
  ids: 'of other stores, of other kinds, of nothing, as paths, as SQL',
  time: 'days that are none, other centuries, other zones, keys that were made at another time',
  'content types': 'none, another, several, another charset, compressed, a file in the place of JSON',
  headers: 'too many, too large, twice, cut by line breaks, other methods, other hosts, forwarded by nobody',
  auth: 'no key, a wrong one, another store’s, a guest’s in the place of a cook’s, one in the address, a page of another site',
  'mass assignment': 'a price, a total, a status, a store or a role beside what may be sent',
  states: 'moves that the state does not allow, versions of another time, things that are over',
  arithmetic: 'the largest of all numbers at once, sums that overflow, amounts that are not due',
  races: 'the same request two to five times at once',
  replay: 'the same key again, with the same body and with another',
  SSRF: 'addresses of this machine, of its networks and of clouds’ metadata, in every disguise',
  slowness: 'a head or a body in pieces, cut off, or shorter than it says',
  'output sinks': 'HTML, formulas, line breaks, escapes of terminals and templates in every text',
} as const;

export type BadInputClass = keyof typeof CLASSES;
export const CLASS_NAMES = Object.keys(CLASSES) as BadInputClass[];
