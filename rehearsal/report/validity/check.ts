/** What a check says, and how the same thing seen in several runs becomes one line. */
import type { Group, Run, Text } from '../run.ts';

/** `stop`: draw no conclusion. `warn`: the figure named may mislead. `note`: know this. `ok`: looked at, nothing found. */
export type Level = 'ok' | 'note' | 'warn' | 'stop';

export interface Check {
  code: string;
  level: Level;
  title: Text;
  detail: Text;
}

/** Something that one run shows; several runs' sightings become one check. */
export interface Sighting {
  level: Exclude<Level, 'ok'>;
  text: Text;
  /** Said instead when several runs show the same and their numbers differ. */
  many?: Text;
}

const RANK: Record<Level, number> = { ok: 0, note: 1, warn: 2, stop: 3 };

/** A sentence in both languages. */
export const t = (ko: string, en: string): Text => ({ ko, en });

/** A run by its group, and by its number where there are repeats. */
export function nameOf(group: Group, run: Run): Text {
  if (group.runs.length < 2) return group.label;
  return { ko: `${group.label.ko} ${run.repeat}회차`, en: `${group.label.en} run ${run.repeat}` };
}

const TEXTS_MAX = 3;
const NAMES_MAX = 4;

/** One sentence for all runs that show the same, at most three sentences in all: a ladder with repeats would fill the page. */
export function join(
  code: string,
  title: Text,
  fine: Text,
  seen: readonly { name: Text; sighting: Sighting }[],
  runs: number,
): Check {
  const worst = seen.toSorted((a, b) => RANK[b.sighting.level] - RANK[a.sighting.level]);
  const [first] = worst;
  if (!first) return { code, level: 'ok', title, detail: fine };
  const byText = new Map<string, { names: Text[]; texts: Set<Text>; many: Text }>();
  for (const { name, sighting } of worst) {
    const { text, many = text } = sighting;
    const same = byText.get(many.en) ?? { names: [], texts: new Set(), many };
    same.names.push(name);
    if (![...same.texts].some((other) => other.en === text.en)) same.texts.add(text);
    byText.set(many.en, same);
  }
  const groups = [...byText.values()];
  const rest = groups.length - TEXTS_MAX;
  const say = (language: keyof Text): string =>
    groups
      .slice(0, TEXTS_MAX)
      .map(({ names, texts, many }) => {
        const [only] = texts;
        const text = texts.size === 1 && only ? only : many;
        return names.length === runs ? text[language] : `${list(names, language)}: ${text[language]}`;
      })
      .join(' ');
  return {
    code,
    level: first.sighting.level,
    title,
    detail: {
      ko: say('ko') + (rest > 0 ? ` 외 ${rest}건.` : ''),
      en: say('en') + (rest > 0 ? ` And ${rest} more.` : ''),
    },
  };
}

function list(names: readonly Text[], language: keyof Text): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => name[language]);
  return shown.join(', ') + (names.length > NAMES_MAX ? ` +${names.length - NAMES_MAX}` : '');
}
