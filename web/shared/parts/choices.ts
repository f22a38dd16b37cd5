import type { ItemView } from '../../../src/contract/menu.ts';

/** The options of one group that can be had today. */
export const available = (group: ItemView['optionGroups'][number]) => group.options.filter((option) => !option.soldOut);

/** Whether every choice that must be made still can be. */
export const canBeChosen = (item: ItemView): boolean =>
  item.optionGroups.every((group) => available(group).length >= group.min);
