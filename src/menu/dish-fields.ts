import {
  type ColumnNameOf,
  columnNameOf,
  type DishFieldName,
  type DishFieldValue,
  type DishFieldValues,
} from '../contract/index.ts';

/** Columns of a dish, as `fieldMembers` brings them. */
export type FieldColumns<N extends DishFieldName> = { readonly [F in N as ColumnNameOf<F>]?: DishFieldValue<F> };

/** Of `item i`, for the arguments of a `json_build_object`; the comma behind the last one is there already. */
export const fieldMembers = (names: readonly DishFieldName[]): string =>
  names.map((name) => `'${columnNameOf(name)}', i.${columnNameOf(name)}, `).join('');

/** Each by its name; what the row does not have is null. */
export function fieldsOf<N extends DishFieldName>(names: readonly N[], row: FieldColumns<N>): Pick<DishFieldValues, N> {
  const columns = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(names.map((name) => [name, columns[columnNameOf(name)] ?? null])) as never;
}

/** Those in which the dish says something: a number, or `true`. */
export function fieldsSaid<N extends DishFieldName>(
  names: readonly N[],
  row: FieldColumns<N>,
): { readonly [F in N]?: NonNullable<DishFieldValue<F>> } {
  const said = Object.entries(fieldsOf(names, row)).filter(([, value]) => value !== null && value !== false);
  return Object.fromEntries(said) as never;
}
