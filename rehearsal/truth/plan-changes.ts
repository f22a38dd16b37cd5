import type { ItemView, MenuView } from '../../src/contract/index.ts';
import type { Random } from '../crowd/random.ts';
import type { Field, Value } from './judge.ts';

/** One change of one dish, planned before the run. */
export interface PlannedChange {
  /** Milliseconds after the beginning of the run. */
  readonly atMs: number;
  readonly item: ItemView;
  readonly field: Field;
  readonly value: Value;
}

/** Few enough to be changed several times each in half a minute, enough that no single dish decides. */
const DISHES_MAX = 6;
/** A hundred won more each time: a price never comes back, so that an old one is known for what it is. */
const PRICE_STEP = 100;

/**
 * The dishes that will be changed: unlimited ones that can be had, so that nothing but the rehearsal changes them, anywhere on
 * the menu.
 */
export function dishesToChange(random: Random, menu: MenuView): ItemView[] {
  const free = menu.categories
    .flatMap((category) => category.items)
    .filter((item) => item.remaining === null && !item.soldOut);
  const chosen: ItemView[] = [];
  while (chosen.length < DISHES_MAX && free.length > 0) chosen.push(...free.splice(random.integer(free.length), 1));
  return chosen;
}

/** One change every `everyMs`, dish by dish: a new price, then sold out, a new price, then back again. */
export function planChanges(dishes: readonly ItemView[], everyMs: number, durationMs: number): PlannedChange[] {
  const changes: PlannedChange[] = [];
  if (dishes.length === 0) return changes;
  for (let atMs = everyMs; atMs < durationMs; atMs += everyMs) {
    const index = changes.length;
    const item = dishes[index % dishes.length]!;
    const round = Math.floor(index / dishes.length);
    changes.push(
      round % 2 === 0
        ? { atMs, item, field: 'price', value: item.price + PRICE_STEP * (round / 2 + 1) }
        : { atMs, item, field: 'soldOut', value: round % 4 === 1 },
    );
  }
  return changes;
}
