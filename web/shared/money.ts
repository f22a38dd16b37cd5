const formats = new Map<string, { format: Intl.NumberFormat; minorPerMajor: number }>();

/**
 * A price as people of `language` read it: 9000 KRW is "9,000원" in Korean and "₩9,000" in English.
 * @param amount integer of the currency's minor unit
 */
export function formatMoney(amount: number, currency: string, language: 'ko' | 'en'): string {
  const key = `${language}:${currency}`;
  let entry = formats.get(key);
  if (!entry) {
    const format = new Intl.NumberFormat(language === 'ko' ? 'ko-KR' : 'en-US', { style: 'currency', currency });
    entry = { format, minorPerMajor: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0) };
    formats.set(key, entry);
  }
  // No Korean menu writes ₩9,000, which is what every locale table says.
  if (language === 'ko' && currency === 'KRW') return `${new Intl.NumberFormat('ko-KR').format(amount)}원`;
  return entry.format.format(amount / entry.minorPerMajor);
}
