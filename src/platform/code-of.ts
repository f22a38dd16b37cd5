import { romanize } from 'es-hangul';

/**
 * A code made from a name: Hangul in Latin letters (the Revised Romanization of Korean, 2000), small letters, digits and hyphens.
 * Empty when nothing of the name can be written so.
 */
export const codeOf = (name: string, lengthMax: number): string =>
  romanize(name)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, lengthMax)
    .replaceAll(/^-+|-+$/g, '');
