import { columnNameOf } from '../../../contract/column-name.ts';
import { DISH_ATTRIBUTE_NAMES } from '../../../contract/dish-attributes.ts';
import { businessDay } from '../../../platform/clock.ts';
import type { Queryable } from '../../../platform/db/pool.ts';
import { newId } from '../../../platform/id.ts';
import { announce } from '../../../platform/live/announcer.ts';
import { followLimits, readLimits, turnCounts } from '../../counts.ts';
import { setTurn } from '../../hours/turn-menus.ts';
import { askForCopies } from '../../photo/sources.ts';
import type { Kind, MenuFile, MenuRow } from '../menu-file.ts';
import { applyChanges } from './apply-changes.ts';
import { lockStore, raiseVersions } from './queries.ts';
import { readMenu } from './read-menu.ts';
import { archiveOthers, type WriteRow, writeCategories, writeGroups, writeItems, writeOptions } from './write-rows.ts';

export interface ImportResult {
  /** The menu's version after the import; the same as before when nothing changed. */
  readonly version: number;
  /** Rows that are new or differ. */
  readonly written: number;
  /** Rows that the file no longer names. */
  readonly archived: number;
}

export interface ImportOptions {
  /** The moment of the import, which says whose day's stock it is. Milliseconds since 1970. */
  readonly nowMs?: number;
  /**
   * Asked under the store's lock before anything changes, with the menu as it is, as it will be, and the version that it has; what it
   * throws ends the import.
   */
  readonly approve?: (present: readonly MenuRow[], next: readonly MenuRow[], version: number) => void;
  /** Makes the ids of new rows. */
  readonly newId?: (nowMs: number) => string;
}

/**
 * Makes a store's menu what the file says, inside the caller's transaction: all of it, or, from a partial file, the
 * dishes and columns that it names. Other writers of the store wait until the transaction ends.
 * @throws MenuFileError when a partial file does not fit the store's menu; Error when there is no such store
 */
export async function importMenu(
  tx: Queryable,
  storeId: string,
  file: MenuFile,
  { nowMs = Date.now(), newId: makeId = newId, approve }: ImportOptions = {},
): Promise<ImportResult> {
  const head = await lockStore(tx, storeId);
  if (!head) throw new Error(`There is no store with the id ${storeId}.`);
  const present = file.partial || approve ? await readMenu(tx, storeId) : [];
  const rows = file.partial ? applyChanges(present, file) : file.rows;
  approve?.(present, rows, head.menu_version);
  const today = { storeId, day: businessDay(nowMs, head.time_zone, head.day_starts_hour) };
  // With the limits that the day began with: those of the file come after.
  const turned = (await turnCounts(tx, [today])).length > 0;
  const limits = await readLimits(tx, storeId);

  const byKind = toWriteRows(rows, () => makeId(nowMs));
  // Parents first: each statement finds by code what the one before has written.
  const written =
    (await writeCategories(tx, storeId, byKind.category)) +
    (await writeItems(tx, storeId, byKind.item)) +
    (await writeGroups(tx, storeId, byKind.group)) +
    (await writeOptions(tx, storeId, byKind.option));
  const archived = file.partial ? 0 : await archiveOthers(tx, storeId, rows);
  await askForCopies(
    tx,
    storeId,
    byKind.item.flatMap(({ photo }) => photo ?? []),
  );
  const menuChanged = written + archived > 0;
  if (menuChanged) await setTurn(tx, storeId, head.time_zone, nowMs);
  if (!menuChanged && !turned) return { version: head.menu_version, written, archived };

  const stockChanged = (menuChanged && (await followLimits(tx, today, limits)) > 0) || turned;
  const version = await raiseVersions(tx, storeId, menuChanged, stockChanged);
  await announce(tx, [{ kind: 'menu', storeId }]);
  return { version, written, archived };
}

/** Gives every row its place among its siblings, and an id in case it is new. */
function toWriteRows(rows: readonly MenuRow[], makeId: () => string): Record<Kind, WriteRow[]> {
  const byKind: Record<Kind, WriteRow[]> = { category: [], item: [], group: [], option: [] };
  const siblings = new Map<string, number>();
  for (const { kind, code, category, item, group, values } of rows) {
    const parent = `${kind}:${category}/${item}/${group}`;
    const position = siblings.get(parent) ?? 0;
    siblings.set(parent, position + 1);
    const said = DISH_ATTRIBUTE_NAMES.map((name) => [name, values[columnNameOf(name)]]);
    const attributes = Object.fromEntries(said.filter(([, code]) => code));
    byKind[kind].push({ id: makeId(), code, category, item, group, position, ...values, attributes });
  }
  return byKind;
}
