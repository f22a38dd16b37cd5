import type { TillDraft } from './till-draft.ts';
import { type TillWord, words } from './till-words.ts';

interface TillFieldsProps {
  readonly draft: TillDraft;
  readonly set: (change: Partial<TillDraft>) => void;
  readonly wrong: Partial<Record<keyof TillDraft, TillWord>>;
}

const PARTS = [
  ['receipt', 'receiptHelp', ['businessName', 'businessNumber', 'representative', 'address', 'phone', 'vatPercent']],
  ['limits', 'limitsHelp', ['limitOrders', 'limitPortions', 'limitUnpaid']],
  ['discounts', 'discountsHelp', ['discountHall', 'discountManager']],
] as const satisfies readonly (readonly [TillWord, TillWord, readonly (keyof TillDraft)[]])[];
const TEXTS: ReadonlySet<keyof TillDraft> = new Set(['businessName', 'representative', 'address']);

/** What receipts say, what a table may have open, what may be taken off by hand. */
export function TillFields({ draft, set, wrong }: TillFieldsProps) {
  return (
    <>
      {PARTS.map(([title, help, keys]) => (
        <fieldset class="field" key={title}>
          <legend>{words(title)}</legend>
          <p class="soft">{words(help)}</p>
          {keys.map((key) => (
            <div class="field" key={key}>
              <label for={key}>{words(key)}</label>
              <input
                id={key}
                value={draft[key]}
                inputMode={TEXTS.has(key) ? 'text' : 'numeric'}
                autocomplete="off"
                aria-describedby={`${key}-help`}
                aria-invalid={wrong[key] !== undefined}
                onInput={({ currentTarget }) => set({ [key]: currentTarget.value })}
              />
              <p id={`${key}-help`} class="wrong">
                {wrong[key] && words(wrong[key])}
              </p>
            </div>
          ))}
        </fieldset>
      ))}
      <fieldset class="field">
        <legend>{words('counter')}</legend>
        <p class="soft">{words('counterHelp')}</p>
        <label class="choices">
          <input
            type="checkbox"
            checked={draft.payFirst}
            onChange={({ currentTarget }) => set({ payFirst: currentTarget.checked })}
          />{' '}
          {words('payFirst')}
        </label>
      </fieldset>
    </>
  );
}
