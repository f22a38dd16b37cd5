import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldProblem } from '../../src/contract/errors.ts';
import type { StoreSettings } from '../../src/contract/store-settings.ts';
import type { MessageKey } from '../i18n/ko.ts';
import { nameOf, t } from '../shared/i18n.ts';
import { bodyOf, type Draft, draftOf } from './form-state.ts';
import { HoursField } from './hours-field.tsx';
import { isEmpty, save, showStores, stores } from './setup-state.ts';
import { tillBodyOf, tillDraftOf, tillWrong } from './till-draft.ts';
import { TillFields } from './till-fields.tsx';

/** What each field of an answer is called here, and what is said when it is wrong. */
const WRONG: readonly [RegExp, keyof Draft, MessageKey][] = [
  [/^slug/, 'slug', 'setup.wrong.slug'],
  [/^name/, 'nameKo', 'setup.wrong.name'],
  [/^brand\.name/, 'brandName', 'setup.wrong.brandName'],
  [/^brand/, 'brandSlug', 'setup.wrong.brand'],
  [/^tables/, 'tableCount', 'setup.wrong.tables'],
  [/^hours/, 'days', 'setup.wrong.hours'],
  [/^daysOff/, 'daysOff', 'setup.wrong.daysOff'],
  [/^timeZone/, 'timeZone', 'setup.wrong.timeZone'],
  [/^currency/, 'currency', 'setup.wrong.currency'],
  [/^prepMinutes/, 'prepMinutes', 'setup.wrong.prepMinutes'],
  [/^stations/, 'stations', 'setup.wrong.stations'],
  [/^languages/, 'languages', 'setup.wrong.languages'],
];

type Wrong = Partial<Record<keyof Draft, string>>;

function toWrong(fields: readonly FieldProblem[]): Wrong {
  const wrong: Wrong = {};
  for (const { field, problem } of fields) {
    const [, key, message] = WRONG.find(([pattern]) => pattern.test(field)) ?? [];
    if (!key || wrong[key]) continue;
    const words =
      problem === 'is taken'
        ? 'setup.wrong.taken'
        : problem.startsWith('cannot change') || problem.startsWith("is not the template's")
          ? 'setup.wrong.books'
          : message!;
    wrong[key] = t(words);
  }
  return wrong;
}

/** One store, made or changed; what the server refuses stands at its field, and the first of them has the focus. */
export function StoreForm({ settings }: { settings: StoreSettings | null }) {
  const isNew = settings === null;
  const [draft, setDraft] = useState(() => draftOf(settings));
  const [wrong, setWrong] = useState<Wrong>({});
  // Of a store that there is: a new one has what is usual.
  const [till, setTill] = useState(() => settings && tillDraftOf(settings));
  const [wrongTill, setWrongTill] = useState<ReturnType<typeof tillWrong>>({});
  const [isSaving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [wrong, wrongTill]);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });

  const submit = async (event: Event) => {
    event.preventDefault();
    setSaving(true);
    const body = { ...bodyOf(draft, isNew), ...(settings && till && tillBodyOf(till, settings.currency)) };
    const fields = await save(settings?.slug ?? null, body);
    setSaving(false);
    if (!fields) return;
    setWrong(toWrong(fields));
    setWrongTill(tillWrong(fields));
  };
  const text = (key: keyof Draft, label: MessageKey, help?: MessageKey, more: object = {}) => (
    <Field id={key} label={t(label)} help={help && t(help)} wrong={wrong[key]}>
      <input
        id={key}
        value={draft[key] as string}
        onInput={({ currentTarget }) => set({ [key]: currentTarget.value })}
        aria-describedby={`${key}-help`}
        aria-invalid={wrong[key] !== undefined}
        autocomplete="off"
        {...more}
      />
    </Field>
  );

  return (
    <form ref={form} class="store-form" onSubmit={submit} noValidate>
      <h2 ref={heading} tabIndex={-1}>
        {isNew ? t('setup.add') : nameOf(settings.name)}
      </h2>
      {text('nameKo', 'setup.nameKo')}
      {text('nameEn', 'setup.nameEn', 'setup.nameEnHelp')}
      {isNew && text('slug', 'setup.slug', 'setup.slugHelp', { autocapitalize: 'none', spellcheck: false })}
      {isNew && !isEmpty.value && (
        <Field id="template" label={t('setup.template')} help={t('setup.templateHelp')}>
          <select
            id="template"
            value={draft.template}
            onChange={(event) => set({ template: event.currentTarget.value })}
          >
            <option value="">{t('setup.noTemplate')}</option>
            {stores.value?.map((store) => (
              <option key={store.id} value={store.slug}>
                {nameOf(store.name)}
              </option>
            ))}
          </select>
        </Field>
      )}
      {isNew && !draft.template && (
        <>
          {text('brandSlug', 'setup.brand', 'setup.brandHelp', { autocapitalize: 'none', spellcheck: false })}
          {text('brandName', 'setup.brandName', 'setup.brandNameHelp')}
        </>
      )}
      <TablesField draft={draft} set={set} wrong={wrong.tableCount} isNew={isNew} />
      {!(isNew && draft.template) && (
        <>
          <HoursField draft={draft} set={set} wrong={wrong.days} />
          {text('daysOff', 'setup.daysOff', 'setup.daysOffHelp', { placeholder: '2026-12-25, 2027-01-01' })}
          {text('prepMinutes', 'setup.prepMinutes', undefined, { inputMode: 'numeric' })}
          {text('stations', 'setup.stations', 'setup.stationsHelp')}
          {text('timeZone', 'setup.timeZone', undefined, { list: 'zones' })}
          <datalist id="zones">
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          {text('currency', 'setup.currency', 'setup.currencyHelp', { maxLength: 3 })}
          <Languages draft={draft} set={set} wrong={wrong.languages} />
        </>
      )}
      {till && <TillFields draft={till} set={(change) => setTill({ ...till, ...change })} wrong={wrongTill} />}
      <div class="actions">
        <button type="submit" class="button primary" disabled={isSaving}>
          {t('setup.save')}
        </button>
        <button type="button" class="button" onClick={showStores}>
          {t('setup.back')}
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly wrong?: string | undefined;
  readonly children: ComponentChildren;
}

function Field({ id, label, help, wrong, children }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <p id={`${id}-help`} class={wrong ? 'wrong' : 'soft'}>
        {wrong ?? help}
      </p>
    </div>
  );
}

export interface PartProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly wrong: string | undefined;
}

function TablesField({ draft, set, wrong, isNew }: PartProps & { isNew: boolean }) {
  const kinds = [
    'count',
    'names',
    'counter',
    ...(!isNew && draft.tablesBy === 'any' ? (['any'] as const) : []),
  ] as const;
  return (
    <fieldset class="field">
      <legend>{t('setup.tables')}</legend>
      <div class="choices">
        {kinds.map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="tables"
              checked={draft.tablesBy === kind}
              onChange={() => set({ tablesBy: kind })}
            />{' '}
            {t(`setup.tables.${kind}`)}
          </label>
        ))}
      </div>
      {draft.tablesBy === 'count' && (
        <input
          aria-label={t('setup.tables.count')}
          inputMode="numeric"
          value={draft.tableCount}
          aria-invalid={wrong !== undefined}
          aria-describedby="tables-help"
          onInput={({ currentTarget }) => set({ tableCount: currentTarget.value })}
        />
      )}
      {draft.tablesBy === 'names' && (
        <textarea
          aria-label={t('setup.tables.names')}
          rows={3}
          placeholder="A1, A2, B1"
          value={draft.tableNames}
          aria-invalid={wrong !== undefined}
          aria-describedby="tables-help"
          onInput={({ currentTarget }) => set({ tableNames: currentTarget.value })}
        />
      )}
      <p id="tables-help" class={wrong ? 'wrong' : 'soft'}>
        {wrong ?? t('setup.tablesHelp')}
      </p>
    </fieldset>
  );
}

function Languages({ draft, set, wrong }: PartProps) {
  return (
    <fieldset class="field">
      <legend>{t('setup.languages')}</legend>
      <div class="choices">
        {(['ko', 'en'] as const).map((each) => (
          <label key={each}>
            <input
              type="checkbox"
              checked={draft.languages.includes(each)}
              aria-invalid={wrong !== undefined}
              onChange={({ currentTarget }) =>
                set({
                  languages: currentTarget.checked
                    ? [...draft.languages, each]
                    : draft.languages.filter((language) => language !== each),
                })
              }
            />{' '}
            {each === 'ko' ? '한국어' : 'English'}
          </label>
        ))}
      </div>
      {wrong && <p class="wrong">{wrong}</p>}
    </fieldset>
  );
}
