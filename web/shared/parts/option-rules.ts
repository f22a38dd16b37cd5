import type { ItemView } from '../../../src/contract/menu.ts';
import { available, canBeChosen } from './choices.ts';

export type OptionGroup = ItemView['optionGroups'][number];

/** One of several: shown as radio buttons. */
export const isSingle = (group: OptionGroup): boolean => group.max === 1;

/** How many of `chosen` belong to `group`. */
const countIn = (group: OptionGroup, chosen: readonly string[]) =>
  group.options.filter((option) => chosen.includes(option.id)).length;

/** True when a further option of the group may be taken. A single choice can always be changed. */
export const canTakeMore = (group: OptionGroup, chosen: readonly string[]): boolean =>
  isSingle(group) || countIn(group, chosen) < group.max;

/** The group's first rule that `chosen` breaks; null when all is well. */
export function groupIssue(group: OptionGroup, chosen: readonly string[]): 'too-few' | 'too-many' | null {
  const count = countIn(group, chosen);
  if (count < group.min) return 'too-few';
  return count > group.max ? 'too-many' : null;
}

/** The first group that keeps the dish from being ordered as chosen. */
export const firstIssue = (item: ItemView, chosen: readonly string[]): OptionGroup | null =>
  item.optionGroups.find((group) => groupIssue(group, chosen)) ?? null;

/** What is chosen when nothing of the group is. */
export const withoutGroup = (group: OptionGroup, chosen: readonly string[]): string[] =>
  chosen.filter((id) => !group.options.some((option) => option.id === id));

/**
 * What is chosen after a tap on `optionId`. In a single choice the tapped one replaces the other; tapping it again takes
 * it back, where none is allowed. In a multiple choice a tap beyond the maximum changes nothing.
 */
export function toggle(group: OptionGroup, chosen: readonly string[], optionId: string): string[] {
  const taken = chosen.includes(optionId);
  const without = chosen.filter((id) => id !== optionId);
  if (taken) return isSingle(group) && group.min > 0 ? [...chosen] : without;
  if (isSingle(group)) return [...withoutGroup(group, chosen), optionId];
  return canTakeMore(group, chosen) ? [...chosen, optionId] : [...chosen];
}

/** Chosen before the guest has chosen: the first of each required single choice, unless it costs extra. */
export const defaultChoice = (item: ItemView): string[] =>
  item.optionGroups.flatMap((group) => {
    const first = available(group)[0];
    return isSingle(group) && group.min === 1 && first?.price === 0 ? [first.id] : [];
  });

/** One portion with its options, in the minor unit. Options the dish doesn't have count nothing. */
export const unitPrice = (item: ItemView, chosen: readonly string[]): number =>
  item.optionGroups
    .flatMap((group) => group.options)
    .filter((option) => chosen.includes(option.id))
    .reduce((sum, option) => sum + option.price, item.price);

/** Whether the dish can be had at all: not sold out, and every required choice can still be made. */
export const isOrderable = (item: ItemView): boolean =>
  !item.notNow && !item.soldOut && item.remaining !== 0 && canBeChosen(item);
