/** Below this letter nothing is ever composed with anything (Unicode's NFC_Quick_Check). */
const MAY_COMPOSE = /[\u0300-\u{10ffff}]/u;

/**
 * The text in composed form (NFC, UAX #15): 해물파전 typed on one system has 4 letters, on another 12, and must be one word
 * everywhere. Whatever people write is composed where it comes in: request bodies and paths, menu files.
 */
export const composed = (text: string): string => (MAY_COMPOSE.test(text) ? text.normalize('NFC') : text);

/**
 * Composes every text inside of what a JSON parser has made, in place; names of members stay as they are.
 * @returns the value, which is another only when it is a text itself
 */
export function composeTexts(value: unknown): unknown {
  if (typeof value === 'string') return composed(value);
  // Not recursive: 128 KiB of brackets are deeper than the stack.
  const open: unknown[] = [value];
  while (open.length > 0) {
    const at = open.pop();
    // Bytes are nobody's text yet.
    if (typeof at !== 'object' || at === null || ArrayBuffer.isView(at)) continue;
    const members = at as Record<string, unknown>;
    for (const key of Object.keys(members)) {
      const member = members[key];
      if (typeof member !== 'string') open.push(member);
      else if (MAY_COMPOSE.test(member)) members[key] = composed(member);
    }
  }
  return value;
}
