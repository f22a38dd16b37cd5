/**
 * Addresses of pages as people type them and as printers and chat programs change them: one way to write each.
 * @param url with its query, which stays
 */
export function canonicalPage(url: string): string {
  const [path = '', query] = url.split(/\?(.*)/s);
  const parts = path.split('/').filter(Boolean);
  const [kind, store, marker, ...table] = parts;
  const words = [kind, store, marker].flatMap((part) => part?.toLowerCase() ?? []);
  return `/${[...words, ...table].join('/')}${query === undefined ? '' : `?${query}`}`;
}

/**
 * Escapes that mean nothing, or a NUL, stay readable for the page, which says what is wrong; the router and the check of addresses
 * would refuse them.
 */
export function readablePage(url: string): string {
  if (!url.includes('%') || !PAGE.test(url)) return url;
  try {
    if (!decodeURIComponent(url).includes('\0')) return url;
  } catch {
    // Escaped once more, as below.
  }
  return url.replaceAll('%', '%25');
}

const PAGE = /^\/+(s|w|kitchen|board|hall|bills|door|owner|menu|qr|staff)\//i;

/** Whether an address is that of a page of one store. */
export const isPage = (url: string): boolean => PAGE.test(url);
