import { hash } from 'node:crypto';

/** Sent with every answer: nothing here may be framed, sniffed or sent on in a referrer. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
} as const;

/** What a browser may do for our pages: keep a kitchen's screen awake, and copy a link. No page looks, listens or asks where somebody is. */
const PERMISSIONS_POLICY = [
  'screen-wake-lock=(self)',
  'clipboard-write=(self)',
  ...[
    'camera',
    'microphone',
    'geolocation',
    'payment',
    'usb',
    'serial',
    'bluetooth',
    'midi',
    'hid',
    'display-capture',
  ].map((feature) => `${feature}=()`),
].join(', ');

/**
 * Headers of a page. It may load from its own server only, and run and paint nothing that stands in it, but for its own style sheets,
 * which are known by their hashes (CSP Level 3): markup that somebody got into a name does nothing.
 * @param html the page as it is sent; its `<style>` elements are read
 * @param rules instead of the usual ones, by their names
 */
export function pageHeaders(html: string, rules: Readonly<Record<string, string>> = {}): Record<string, string> {
  const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(
    ([, style]) => ` 'sha256-${hash('sha256', style!, 'base64')}'`,
  );
  const policy = {
    'default-src': "'self'",
    'style-src': `'self'${[...new Set(styles)].join('')}`,
    'img-src': "'self' data:",
    'object-src': "'none'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    ...rules,
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([name, sources]) => `${name} ${sources}`)
      .join('; '),
    'permissions-policy': PERMISSIONS_POLICY,
  };
}
