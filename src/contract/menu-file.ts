import Type, { type Static } from 'typebox';

/** A sentence in both languages of owners. */
export const Words = Type.Object({ ko: Type.String(), en: Type.String() });

const Kind = Type.String({ description: 'category, item, group or option' });

/** One row that an import adds, takes off or changes. */
export const MenuRowChange = Type.Object({
  change: Type.String({ description: 'added, changed or removed' }),
  kind: Kind,
  code: Type.String(),
  name: Type.String({ description: 'in Korean, as it is after the change' }),
  within: Type.Array(Type.String(), { description: 'names of what it belongs to, the outermost first' }),
  fields: Type.Array(
    Type.Object({
      column: Type.String(),
      from: Type.String({ description: 'as a table has it; empty for what was empty' }),
      to: Type.String(),
    }),
  ),
});
export type MenuRowChange = Static<typeof MenuRowChange>;

/** What an import would do. Nothing has changed. */
export const MenuFilePreview = Type.Object({
  version: Type.Integer({ description: 'the menu’s that it was compared with; send it as If-Match to import' }),
  counts: Type.Object({
    added: Type.Integer(),
    changed: Type.Integer(),
    removed: Type.Integer(),
    unchanged: Type.Integer(),
  }),
  reordered: Type.Boolean({ description: 'rows that stay stand in another order' }),
  mustConfirm: Type.Boolean({ description: 'so many rows go that the import needs `removed` with their number' }),
  changes: Type.Array(MenuRowChange, {
    description: 'in the order of the file, then what is removed; the first 1,000',
  }),
  made: Type.Array(Type.Object({ kind: Kind, code: Type.String(), name: Type.String() }), {
    description: 'codes made for new names',
  }),
  notes: Type.Array(Words, { description: 'what was guessed or left out' }),
});
export type MenuFilePreview = Static<typeof MenuFilePreview>;

export const MenuFileImported = Type.Object({
  version: Type.Integer({ description: 'of the menu now' }),
  written: Type.Integer({ description: 'rows that are new or differ' }),
  archived: Type.Integer({ description: 'rows that were taken off' }),
});
export type MenuFileImported = Static<typeof MenuFileImported>;
