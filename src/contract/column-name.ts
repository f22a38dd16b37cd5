/**
 * One thing has two names, and this is the rule between them: JSON and the wire say `dailyLimit`, columns of tables and of menu files say
 * `daily_limit`, because SQL and spreadsheets do not tell capitals apart.
 */
export type ColumnNameOf<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${ColumnNameOf<Rest>}`
  : '';

export const columnNameOf = <Name extends string>(name: Name): ColumnNameOf<Name> =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as ColumnNameOf<Name>;

/** Where JSON has a column: `daily_limit` is `dailyLimit`, and `name_ko` is `ko` of `name`. */
export function jsonPathOf(column: string): readonly [member: string] | readonly [member: string, language: string] {
  const [, stem = column, language] = /^(.+)_(ko|en)$/.exec(column) ?? [];
  const member = stem.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return language === undefined ? [member] : [member, language];
}
