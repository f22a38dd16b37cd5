/** Places in documents that a rehearsal fills: `<!-- ladder NAME -->…<!-- /ladder -->`, whose content is replaced whole. */

const MARKER = /(<!-- ladder ([^>]+?) -->)([\s\S]*?)(<!-- \/ladder -->)/g;

/** What stands in a document's markers, in order: the words of each, and its content. */
export const markersOf = (text: string): { words: string[]; content: string }[] =>
  [...text.matchAll(MARKER)].map(([, , words, content]) => ({ words: words!.split(/\s+/), content: content! }));

/**
 * The document with each marker's content as `contentOf` says, or as it was where that answers undefined.
 * @throws Error for a marker that nothing ends: what comes after it would be lost
 */
export function fillMarkers(text: string, contentOf: (words: string[]) => string | undefined): string {
  const [begun, ended] = [/<!-- ladder /g, /<!-- \/ladder -->/g].map((mark) => text.match(mark)?.length ?? 0);
  const whole = markersOf(text);
  if (begun !== ended || begun !== whole.length || whole.some(({ content }) => content.includes('<!-- ladder '))) {
    throw new Error('a marker <!-- ladder … --> has no end of its own');
  }
  return text.replace(MARKER, (_, begin: string, words: string, content: string, end: string) => {
    return begin + (contentOf(words.split(/\s+/)) ?? content) + end;
  });
}
