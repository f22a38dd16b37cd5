/** What is left of a store's limited dishes at one moment. */
export interface Stock {
  /** Grows with every change of what is left; begins anew never, so under one menu version it orders the stocks. */
  readonly version: number;
  /** Portions by the dish's id; a dish without an entry is not counted. */
  readonly remaining: ReadonlyMap<string, number>;
}

/**
 * A menu's version with its stock inside, which is so small that whoever asks for the version has it already:
 * `12.345` or `12.345 {item}:{remaining} …`, the dishes by id.
 */
export function writeVersion(menuVersion: number, { version, remaining }: Stock): string {
  const dishes = [...remaining].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, left]) => `${id}:${left}`);
  return [`${menuVersion}.${version}`, ...dishes].join(' ');
}

export function readVersion(text: string): { readonly menuVersion: number; readonly stock: Stock } {
  const [versions = '', ...dishes] = text.split(' ');
  const [menuVersion, version] = versions.split('.').map(Number);
  const remaining = new Map(
    dishes.map((dish) => {
      const [id = '', left] = dish.split(':');
      return [id, Number(left)] as const;
    }),
  );
  return { menuVersion: menuVersion!, stock: { version: version!, remaining } };
}
