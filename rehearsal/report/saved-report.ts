/** The report as data: what `--json` writes and `--against` reads. */
import { open } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import type { GroupFigures } from './figures.ts';
import { readTyped } from './read/sidecars.ts';

const Text = Type.Object({ ko: Type.String(), en: Type.String() });
const Figure = Type.Object({
  value: Type.Number(),
  atLeast: Type.Optional(Type.Boolean()),
  isBelow: Type.Optional(Type.Boolean()),
  of: Type.Optional(Type.Number()),
  low: Type.Optional(Type.Number()),
  high: Type.Optional(Type.Number()),
  perSecond: Type.Optional(Type.Number()),
});

export const SavedReport = Type.Object({
  kind: Type.Literal('matjip-report'),
  version: Type.Literal(1),
  madeAt: Type.String(),
  verdict: Type.Object({ tone: Type.String(), sentence: Text, details: Type.Array(Text), alarms: Type.Array(Text) }),
  groups: Type.Array(
    Type.Object({
      key: Type.String(),
      label: Text,
      origin: Type.Optional(
        Type.Object({
          machine: Type.Optional(Type.String()),
          versions: Type.Record(Type.String(), Type.String()),
          switches: Type.Record(Type.String(), Type.String()),
        }),
      ),
      runs: Type.Array(
        Type.Object({
          offeredPerSecond: Type.Number(),
          requests: Type.Number(),
          stepMs: Type.Number(),
          relativeError: Type.Number(),
          figures: Type.Record(Type.String(), Figure),
          periods: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Number()))),
        }),
      ),
    }),
  ),
  checks: Type.Array(Type.Object({ code: Type.String(), level: Type.String(), detail: Text })),
  comparisons: Type.Array(Type.Unknown()),
  thresholds: Type.Array(Type.Unknown()),
});
export type SavedReport = Static<typeof SavedReport>;

/** Looks at the beginning only: a baseline may as well be a large result. False for what cannot be opened; the reader says why. */
export async function isSavedReport(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(200), 0, 200, 0);
      return /^\s*\{\s*"kind"\s*:\s*"matjip-report"/.test(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

/** Throws Unreadable. */
export async function readSavedGroups(file: string): Promise<GroupFigures[]> {
  const saved = await readTyped(SavedReport, file);
  return saved.groups as GroupFigures[];
}
