import { type GroupDraft, newGroup, newOption, type OptionDraft } from './dish-draft.ts';
import { w } from './words.ts';

interface OptionFieldsProps {
  readonly groups: readonly GroupDraft[];
  readonly wrong: Readonly<Record<string, string>>;
  readonly set: (groups: readonly GroupDraft[]) => void;
}

/** What a guest chooses with a dish: groups, and the options of each. */
export function OptionFields({ groups, wrong, set }: OptionFieldsProps) {
  return (
    <fieldset class="field">
      <legend>{w('options')}</legend>
      {groups.map((group, at) => (
        <OneGroup
          key={group.key}
          at={at}
          group={group}
          wrong={wrong}
          set={(next) => set(next ? groups.with(at, next) : groups.toSpliced(at, 1))}
        />
      ))}
      <button type="button" class="button" onClick={() => set([...groups, newGroup()])}>
        {w('addGroup')}
      </button>
    </fieldset>
  );
}

interface CellProps {
  readonly label: string;
  readonly value: string;
  readonly wrong: string | undefined;
  readonly set: (value: string) => void;
  readonly class?: string;
}

function Cell({ label, value, wrong, set, class: extra = '' }: CellProps) {
  return (
    <label class={`cell ${extra}`}>
      <span>{label}</span>
      <input
        value={value}
        autocomplete="off"
        aria-invalid={wrong !== undefined}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
      {wrong && <span class="wrong">{wrong}</span>}
    </label>
  );
}

interface OneGroupProps {
  readonly at: number;
  readonly group: GroupDraft;
  readonly wrong: Readonly<Record<string, string>>;
  /** @param next null: it is taken away */
  readonly set: (next: GroupDraft | null) => void;
}

function OneGroup({ at, group, wrong, set }: OneGroupProps) {
  const path = `optionGroups[${at}]`;
  const setOption = (index: number, next: OptionDraft | null) =>
    set({ ...group, options: next ? group.options.with(index, next) : group.options.toSpliced(index, 1) });
  return (
    <fieldset class="option-group">
      <legend>{w('group', { at: at + 1 })}</legend>
      <div class="cells">
        <Cell
          label={w('col.name_ko')}
          value={group.nameKo}
          wrong={wrong[`${path}.name.ko`] ?? wrong[path]}
          set={(nameKo) => set({ ...group, nameKo })}
        />
        <Cell
          label={w('col.name_en')}
          value={group.nameEn}
          wrong={wrong[`${path}.name.en`]}
          set={(nameEn) => set({ ...group, nameEn })}
        />
        <Cell
          class="short"
          label={w('col.min')}
          value={group.min}
          wrong={wrong[`${path}.min`]}
          set={(min) => set({ ...group, min })}
        />
        <Cell
          class="short"
          label={w('col.max')}
          value={group.max}
          wrong={wrong[`${path}.max`]}
          set={(max) => set({ ...group, max })}
        />
      </div>
      {group.options.map((option, index) => {
        const where = `${path}.options[${index}]`;
        return (
          <fieldset class="cells option" key={option.key} aria-label={w('option', { at: index + 1 })}>
            <Cell
              label={w('col.name_ko')}
              value={option.nameKo}
              wrong={wrong[`${where}.name.ko`]}
              set={(nameKo) => setOption(index, { ...option, nameKo })}
            />
            <Cell
              label={w('col.name_en')}
              value={option.nameEn}
              wrong={wrong[`${where}.name.en`]}
              set={(nameEn) => setOption(index, { ...option, nameEn })}
            />
            <Cell
              class="short"
              label={w('extra')}
              value={option.price}
              wrong={wrong[`${where}.price`]}
              set={(price) => setOption(index, { ...option, price })}
            />
            <label class="check">
              <input
                type="checkbox"
                checked={option.soldOut}
                onChange={({ currentTarget }) => setOption(index, { ...option, soldOut: currentTarget.checked })}
              />{' '}
              {w('soldOut')}
            </label>
            <button
              type="button"
              class="button quiet"
              aria-label={`${w('drop')}: ${option.nameKo || w('option', { at: index + 1 })}`}
              onClick={() => setOption(index, null)}
            >
              {w('drop')}
            </button>
          </fieldset>
        );
      })}
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() => set({ ...group, options: [...group.options, newOption()] })}
        >
          {w('addOption')}
        </button>
        <button
          type="button"
          class="button quiet"
          aria-label={`${w('dropGroup')}: ${group.nameKo || w('group', { at: at + 1 })}`}
          onClick={() => set(null)}
        >
          {w('dropGroup')}
        </button>
      </div>
    </fieldset>
  );
}
