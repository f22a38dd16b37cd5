import type { Language } from './languages.ts';

const LOCALES = { ko: 'ko-KR', en: 'en-US', ja: 'ja-JP', zh: 'zh-CN' } as const satisfies Record<Language, string>;
const formats = new Map<string, { format: Intl.NumberFormat; minorPerMajor: number }>();

/**
 * A price as people of `language` read it: 9000 KRW is "9,000원" in Korean and "₩9,000" in English.
 * @param amount integer of the currency's minor unit
 */
export function formatMoney(amount: number, currency: string, language: Language): string {
  const key = `${language}:${currency}`;
  let entry = formats.get(key);
  if (!entry) {
    const format = new Intl.NumberFormat(LOCALES[language], { style: 'currency', currency });
    entry = { format, minorPerMajor: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0) };
    formats.set(key, entry);
  }
  // No Korean menu writes ₩9,000, which is what every locale table says.
  if (language === 'ko' && currency === 'KRW') return `${new Intl.NumberFormat('ko-KR').format(amount)}원`;
  return entry.format.format(amount / entry.minorPerMajor);
}
