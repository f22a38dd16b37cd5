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
 * Headers of a page. It may load from its own server only, and run and paint nothing that stands in it, but for its own style sheets and
 * lines of script, which are known by their hashes (CSP Level 3): markup that somebody got into a name does nothing.
 * @param html the page as it is built, without what anybody wrote; its `<style>` and bare `<script>` elements are read
 * @param rules instead of the usual ones, by their names
 */
export function pageHeaders(html: string, rules: Readonly<Record<string, string>> = {}): Record<string, string> {
  const styles = hashesOf(html, /<style>([\s\S]*?)<\/style>/g);
  const scripts = hashesOf(html, /<script>([\s\S]*?)<\/script>/g);
  const policy = {
    'default-src': "'self'",
    ...(scripts && { 'script-src': `'self'${scripts}` }),
    'style-src': `'self'${styles}`,
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

const hashesOf = (html: string, elements: RegExp): string =>
  [...new Set([...html.matchAll(elements)].map(([, text]) => ` 'sha256-${hash('sha256', text!, 'base64')}'`))].join('');
