import type { ItemView, MenuView, OrderRequest } from '../../src/contract/index.ts';
import type { Random } from './random.ts';

export interface ChosenOrder {
  readonly request: OrderRequest;
  /** What the guest expects to pay, by the menu they looked at. */
  readonly total: number;
}

const TABLES = 30;
const LINES_MAX = 3;
const NOTES = ['덜 맵게 해 주세요', '파 빼 주세요', 'No onions, please'];
const NOTE_SHARE = 0.1;
/** A free option, such as an extra egg, is taken now and then. */
const EXTRA_SHARE = 0.3;

/** A few dishes sell most: the nth dish of the menu is ordered about 1/n as often as the first. */
function pickDish(random: Random, dishes: readonly ItemView[]): ItemView {
  const rank = Math.floor((dishes.length + 1) ** random.next()) - 1;
  return dishes[Math.min(rank, dishes.length - 1)]!;
}

function pickOptions(random: Random, dish: ItemView): { ids: string[]; price: number } | undefined {
  const ids: string[] = [];
  let price = 0;
  for (const group of dish.optionGroups) {
    const free = group.options.filter((option) => !option.soldOut);
    if (free.length < group.min) return undefined;
    let wanted = group.min;
    if (wanted < Math.min(group.max, free.length) && random.next() < EXTRA_SHARE) wanted += 1;
    for (let taken = 0; taken < wanted; taken++) {
      const [option] = free.splice(random.integer(free.length), 1);
      ids.push(option!.id);
      price += option!.price;
    }
  }
  return { ids, price };
}

/**
 * What a guest orders from the menu as they see it: one to three dishes, options within each group's bounds, at times a note.
 * @returns undefined when nothing on this menu can be had
 */
export function chooseOrder(random: Random, menu: MenuView): ChosenOrder | undefined {
  const dishes = menu.categories.flatMap((category) => category.items).filter((item) => !item.soldOut);
  if (dishes.length === 0) return undefined;
  const lines: OrderRequest['lines'] = [];
  let total = 0;
  const wanted = 1 + random.integer(LINES_MAX);
  for (let tries = 0; tries < wanted; tries++) {
    const dish = pickDish(random, dishes);
    if (lines.some((line) => line.itemId === dish.id)) continue;
    const options = pickOptions(random, dish);
    if (!options) continue;
    const most = dish.remaining ?? 2;
    const quantity = 1 + random.integer(Math.max(1, Math.min(2, most)));
    const note = random.next() < NOTE_SHARE ? NOTES[random.integer(NOTES.length)]! : undefined;
    lines.push({
      itemId: dish.id,
      quantity,
      ...(options.ids.length > 0 && { optionIds: options.ids }),
      ...(note && { note }),
    });
    total += quantity * (dish.price + options.price);
  }
  if (lines.length === 0) return undefined;
  return { request: { table: 1 + random.integer(TABLES), lines, expectedTotal: total }, total };
}
