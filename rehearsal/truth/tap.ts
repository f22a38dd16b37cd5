import { appendFileSync, createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Answer, type Shown, shownBy } from './shown.ts';

/*
 * A tap writes down every menu that a crowd was shown, for the judge to read when the run is over. Most answers show what an
 * earlier one showed, so what is shown is written once and then named by its number. Lines of two kinds:
 *   {"menu": 3, "items": [["<item id>", 9000, false], …]}
 *   [sentMs, receivedMs, status, 3]        -1 in place of the number: no menu
 */
type MenuLine = { menu: number; items: [string, number, boolean][] };
type AnswerLine = [sentMs: number, receivedMs: number, status: number, menu: number];

export interface Tap {
  /** A menu was parsed. @returns its number, -1 for a blank one */
  menu(menu: unknown): number;
  answer(sentMs: number, receivedMs: number, status: number, menu: number): void;
}

/** Appends whole lines at once, so that a process killed in between loses no more than the line it is at. */
export function createTap(file: string): Tap {
  const numbers = new Map<string, number>();
  const write = (line: MenuLine | AnswerLine) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    menu(menu) {
      const shown = shownBy(menu);
      if (!shown) return -1;
      const items: MenuLine['items'] = [...shown].map(([id, { price, soldOut }]) => [id, price, soldOut]);
      const key = JSON.stringify(items);
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
        write({ menu: number, items });
      }
      return number;
    },
    answer(sentMs, receivedMs, status, menu) {
      write([sentMs, receivedMs, status, menu]);
    },
  };
}

/** Reads a tap, in the order written; a last line that was cut off is left out. */
export async function* readTap(file: string): AsyncGenerator<Answer> {
  const menus: Shown[] = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    let entry: MenuLine | AnswerLine;
    try {
      entry = JSON.parse(line);
    } catch {
      continue;
    }
    if (Array.isArray(entry)) {
      const [sentMs, receivedMs, status, menu] = entry;
      yield { sentMs, receivedMs, status, shown: menus[menu] };
    } else {
      menus[entry.menu] = new Map(entry.items.map(([id, price, soldOut]) => [id, { price, soldOut }]));
    }
  }
}
