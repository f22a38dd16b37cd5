/** Initial consonants in the order in which Unicode composes syllables, as a keyboard types them. */
const INITIALS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
/** Syllables with the same initial. */
const PER_INITIAL = 588;

/** A syllable's first consonant; any other letter stays. */
function initialOf(char: string): string {
  const code = char.charCodeAt(0);
  if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return char;
  return INITIALS[Math.floor((code - FIRST_SYLLABLE) / PER_INITIAL)]!;
}

/** One way to write a text: composed, small letters, no spaces, which people put between Korean words as they like. */
const plain = (text: string): string => text.normalize('NFC').toLowerCase().replace(/\s+/g, '');

/**
 * Letters as they are typed: what stands for half a syllable while it is being typed is the beginning of the whole one. `NFD`
 * takes syllables apart; typed single letters (ㄱ, U+3131) and parts of syllables (U+1100) are brought to one form by `NFKD`.
 */
const letters = (text: string): string => plain(text).normalize('NFKD');

/** Whether a name has what somebody typed: a part of it, or the initials of its Korean syllables (ㄱㅊㅉㄱ for 김치찌개, ㅂㅅㅈ7 for 분식집 7호). */
export function matches(name: string, typed: string): boolean {
  const wanted = plain(typed);
  if (wanted === '') return true;
  if (letters(name).includes(letters(wanted))) return true;
  return /^[ㄱ-ㅎ\w]+$/.test(wanted) && [...plain(name)].map(initialOf).join('').includes(wanted);
}
