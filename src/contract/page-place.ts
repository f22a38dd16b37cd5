import { TABLE_LENGTH_MAX } from './bounds.ts';

/** Which store, and which table of it, a page's address names. */
export interface PagePlace {
  readonly store: string;
  readonly table: string | null;
  /** False when the address names a table for which no order would be taken: a damaged or home-made QR code. */
  readonly isReadable: boolean;
}

/** The parts of `/s/{store}/t/{table}` or `/kitchen/{store}`. */
export function pagePlaceOf(pathname: string): PagePlace {
  const [, , store = '', marker, ...rest] = pathname.split('/');
  const table = marker === 't' ? decode(rest.join('/')) : null;
  return { store: decode(store) ?? '', table: table || null, isReadable: marker !== 't' || isTable(table) };
}

const isTable = (table: string | null | undefined) =>
  Boolean(table) && [...table!].length <= TABLE_LENGTH_MAX && !/[\p{Cc}\ufffd]/u.test(table!);

/** @returns undefined for escapes that mean nothing, as a QR reader or a typing error leaves them */
function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
