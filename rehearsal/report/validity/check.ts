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
}

const RANK: Record<Level, number> = { ok: 0, note: 1, warn: 2, stop: 3 };

/** A sentence in both languages. */
export const t = (ko: string, en: string): Text => ({ ko, en });

/** A run by its group, and by its number where there are repeats. */
export function nameOf(group: Group, run: Run): Text {
  if (group.runs.length < 2) return group.label;
  return { ko: `${group.label.ko} ${run.repeat}회차`, en: `${group.label.en} run ${run.repeat}` };
}

/** Names at most three runs, so that a ladder with repeats does not fill the page with one sentence. */
export function join(
  code: string,
  title: Text,
  fine: Text,
  seen: readonly { name: Text; sighting: Sighting }[],
  runs: number,
): Check {
  if (seen.length === 0) return { code, level: 'ok', title, detail: fine };
  const worst = [...seen].sort((a, b) => RANK[b.sighting.level] - RANK[a.sighting.level]);
  const level = worst[0]?.sighting.level ?? 'note';
  const isSame = seen.length === runs && new Set(seen.map(({ sighting }) => sighting.text.en)).size === 1;
  if (isSame) return { code, level, title, detail: worst[0]?.sighting.text ?? fine };
  const shown = worst.slice(0, 3);
  const rest = worst.length - shown.length;
  const say = (language: keyof Text): string =>
    shown.map(({ name, sighting }) => `${name[language]}: ${sighting.text[language]}`).join(' ');
  return {
    code,
    level,
    title,
    detail: {
      ko: say('ko') + (rest > 0 ? ` 외 ${rest}건.` : ''),
      en: say('en') + (rest > 0 ? ` And ${rest} more.` : ''),
    },
  };
}

export const worstLevel = (checks: readonly Check[]): Level =>
  checks.reduce<Level>((worst, check) => (RANK[check.level] > RANK[worst] ? check.level : worst), 'ok');
