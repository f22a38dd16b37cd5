/** A sentence for whoever reads it: owners read Korean, programs and logs English. */
export interface Words {
  readonly en: string;
  readonly ko: string;
}

/** What is the same in every language, such as a path. */
export const same = (text: string): Words => ({ en: text, ko: text });

/** A cell as it may stand in a message: short, on one line. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\p{Cc}+/gu, ' ');
  return `'${line.length > 40 ? `${line.slice(0, 40)}…` : line}'`;
}
