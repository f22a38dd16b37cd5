import { language } from './i18n.ts';

/**
 * The sentences of one page alone, in Korean and English; in the file of all pages they would weigh on every guest's phone. Whoever
 * reads neither reads English. `values` go in the places of their `{{names}}`.
 */
export const createWords =
  <K extends string>(ko: Readonly<Record<K, string>>, en: Readonly<Record<K, string>>) =>
  (key: K, values: Record<string, string | number> = {}): string =>
    (language.value === 'ko' ? ko : en)[key].replace(/{{(\w+)}}/g, (place, name: string) =>
      String(values[name] ?? place),
    );
