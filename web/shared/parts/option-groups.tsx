import type { ItemView } from '../../../src/contract/menu.ts';
import { nameOf, t } from '../language/i18n.ts';
import { canTakeMore, groupIssue, isSingle, type OptionGroup, toggle, withoutGroup } from './option-rules.ts';

interface OptionGroupsProps {
  item: ItemView;
  chosen: string[];
  onChange: (chosen: string[]) => void;
  money: (amount: number) => string;
}

function rule({ min, max, options }: OptionGroup): string {
  if (max === 1) return min === 1 ? t('dish.chooseOne') : t('dish.chooseUpTo', { count: 1 });
  if (min > 0 && max >= options.length) return t('dish.chooseMin', { count: min });
  return min > 0
    ? t('dish.chooseBetween', { min, max })
    : t('dish.chooseUpTo', { count: Math.min(max, options.length) });
}

/** The choices of a dish: radio buttons where one is taken, check boxes where several are. */
export function OptionGroups({ item, chosen, onChange, money }: OptionGroupsProps) {
  return (
    <>
      {item.optionGroups.map((group) => (
        <fieldset key={group.id} id={`group-${group.id}`} class="options">
          <legend>
            {nameOf(group.name)}
            {group.min > 0 && (
              <span class={`badge ${groupIssue(group, chosen) ? 'warn' : 'good'}`}>{t('dish.required')}</span>
            )}
            <small>{rule(group)}</small>
          </legend>
          {isSingle(group) && group.min === 0 && (
            <label class="option">
              <input
                type="radio"
                name={group.id}
                checked={!group.options.some(({ id }) => chosen.includes(id))}
                onChange={() => onChange(withoutGroup(group, chosen))}
              />
              <span>{t('dish.none')}</span>
            </label>
          )}
          {group.options.map((option) => {
            const taken = chosen.includes(option.id);
            const barred = option.soldOut || (!taken && !canTakeMore(group, chosen));
            return (
              <label key={option.id} class={`option ${barred ? 'barred' : ''}`}>
                <input
                  type={isSingle(group) ? 'radio' : 'checkbox'}
                  name={group.id}
                  checked={taken}
                  disabled={barred}
                  onChange={() => onChange(toggle(group, chosen, option.id))}
                />
                <span>{nameOf(option.name)}</span>
                <span class="number">
                  {option.soldOut ? t('menu.soldOut') : option.price > 0 ? `+${money(option.price)}` : ''}
                </span>
              </label>
            );
          })}
        </fieldset>
      ))}
    </>
  );
}
