import { readFileSync } from 'node:fs';

const MANIFEST = new URL('../../package.json', import.meta.url);

/** Which release of Matjip this is, as its package says. */
export const matjipVersion = (): string => JSON.parse(readFileSync(MANIFEST, 'utf8')).version;
