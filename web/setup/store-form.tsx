import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldProblem } from '../../src/contract/errors.ts';
import type { StoreSettings } from '../../src/contract/store-settings.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { Field } from '../shared/parts/field.tsx';
import { bodyOf, type Draft, draftOf, type PartProps, slugOf } from './form-state.ts';
import { HoursField } from './hours-field.tsx';
import { words as linkWords } from './link-words.ts';
import { back, isEmpty, save, stores } from './setup-state.ts';
import { tillBodyOf, tillDraftOf, tillWrong } from './till-draft.ts';
import { TillFields } from './till-fields.tsx';
import { type SetupWord, words } from './words.ts';

/** What each field of an answer is called here, and what is said when it is wrong. */
const WRONG: readonly [RegExp, keyof Draft, SetupWord][] = [
  [/^slug/, 'slug', 'wrong.slug'],
  [/^name/, 'nameKo', 'wrong.name'],
  [/^brand\.name/, 'brandName', 'wrong.brandName'],
  [/^brand/, 'brandSlug', 'wrong.brand'],
  [/^tables/, 'tableCount', 'wrong.tables'],
  [/^hours/, 'days', 'wrong.hours'],
  [/^daysOff/, 'daysOff', 'wrong.daysOff'],
  [/^timeZone/, 'timeZone', 'wrong.timeZone'],
  [/^currency/, 'currency', 'wrong.currency'],
  [/^prepMinutes/, 'prepMinutes', 'wrong.prepMinutes'],
  [/^stations/, 'stations', 'wrong.stations'],
  [/^languages/, 'languages', 'wrong.languages'],
];

type Wrong = Partial<Record<keyof Draft, string>>;

function toWrong(fields: readonly FieldProblem[]): Wrong {
  const wrong: Wrong = {};
  for (const { field, problem } of fields) {
    const [, key, message] = WRONG.find(([pattern]) => pattern.test(field)) ?? [];
    if (!key || wrong[key]) continue;
    const what =
      problem === 'is taken'
        ? 'wrong.taken'
        : problem.startsWith('cannot change') || problem.startsWith("is not the template's")
          ? 'wrong.books'
          : message!;
    wrong[key] = words(what);
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
  const text = (key: keyof Draft, label: SetupWord, help?: SetupWord, more: object = {}) => (
    <Field id={key} label={words(label)} help={help && words(help)} wrong={wrong[key]}>
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
        {isNew ? words('add') : nameOf(settings.name)}
      </h2>
      <Field id="nameKo" label={words('nameKo')} wrong={wrong.nameKo}>
        <input
          id="nameKo"
          value={draft.nameKo}
          aria-describedby="nameKo-help"
          aria-invalid={wrong.nameKo !== undefined}
          autocomplete="off"
          onInput={({ currentTarget: { value } }) => {
            // Until somebody types another one.
            const follows = isNew && draft.slug === slugOf(draft.nameKo);
            set({ nameKo: value, ...(follows && { slug: slugOf(value) }) });
          }}
        />
      </Field>
      {text('nameEn', 'nameEn', 'nameEnHelp')}
      {isNew && text('slug', 'slug', 'slugHelp', { autocapitalize: 'none', spellcheck: false })}
      {isNew && !isEmpty.value && (
        <Field id="template" label={words('template')} help={words('templateHelp')}>
          <select
            id="template"
            value={draft.template}
            onChange={(event) => set({ template: event.currentTarget.value })}
          >
            <option value="">{words('noTemplate')}</option>
            {stores.value?.map((store) => (
              <option key={store.id} value={store.slug}>
                {nameOf(store.name)}
              </option>
            ))}
          </select>
        </Field>
      )}
      {isNew && !isEmpty.value && !draft.template && (
        <>
          {text('brandSlug', 'brand', 'brandHelp', { autocapitalize: 'none', spellcheck: false })}
          {text('brandName', 'brandName', 'brandNameHelp')}
        </>
      )}
      <TablesField draft={draft} set={set} wrong={wrong.tableCount} isNew={isNew} />
      {!(isNew && draft.template) && (
        <>
          <HoursField draft={draft} set={set} wrong={wrong.days} />
          {text('daysOff', 'daysOff', 'daysOffHelp', { placeholder: '2026-12-25, 2027-01-01' })}
          {text('prepMinutes', 'prepMinutes', undefined, { inputMode: 'numeric' })}
          {text('stations', 'stations', 'stationsHelp')}
          {text('timeZone', 'timeZone', undefined, { list: 'zones' })}
          <datalist id="zones">
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          {text('currency', 'currency', 'currencyHelp', { maxLength: 3 })}
          <Languages draft={draft} set={set} wrong={wrong.languages} />
        </>
      )}
      {till && <TillFields draft={till} set={(change) => setTill({ ...till, ...change })} wrong={wrongTill} />}
      <div class="actions">
        <button type="submit" class="button primary" disabled={isSaving}>
          {words('save')}
        </button>
        <button type="button" class="button" onClick={back}>
          {words('back')}
        </button>
      </div>
    </form>
  );
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
      <legend>{words('tables')}</legend>
      <div class="choices">
        {kinds.map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="tables"
              checked={draft.tablesBy === kind}
              onChange={() => set({ tablesBy: kind })}
            />{' '}
            {words(`tables.${kind}`)}
          </label>
        ))}
      </div>
      {draft.tablesBy === 'count' && (
        <input
          aria-label={words('tables.count')}
          inputMode="numeric"
          value={draft.tableCount}
          aria-invalid={wrong !== undefined}
          aria-describedby="tables-help"
          onInput={({ currentTarget }) => set({ tableCount: currentTarget.value })}
        />
      )}
      {draft.tablesBy === 'names' && (
        <textarea
          aria-label={words('tables.names')}
          rows={3}
          placeholder="A1, A2, B1"
          value={draft.tableNames}
          aria-invalid={wrong !== undefined}
          aria-describedby="tables-help"
          onInput={({ currentTarget }) => set({ tableNames: currentTarget.value })}
        />
      )}
      <p id="tables-help" class={wrong ? 'wrong' : 'soft'}>
        {wrong ?? words('tablesHelp')}
      </p>
      {draft.tablesBy !== 'counter' && !(isNew && draft.template) && (
        <>
          <label class="choices">
            <input
              type="checkbox"
              checked={draft.tableLinks === 'signed'}
              aria-describedby="links-help"
              onChange={({ currentTarget }) => set({ tableLinks: currentTarget.checked ? 'signed' : 'open' })}
            />{' '}
            {linkWords('signed')}
          </label>
          <p id="links-help" class="soft">
            {linkWords('signedHelp')}
          </p>
          <label class="choices">
            <input
              type="checkbox"
              checked={draft.visitCode}
              aria-describedby="visit-help"
              onChange={({ currentTarget }) => set({ visitCode: currentTarget.checked })}
            />{' '}
            {linkWords('visit')}
          </label>
          <p id="visit-help" class="soft">
            {linkWords('visitHelp')}
          </p>
        </>
      )}
    </fieldset>
  );
}

function Languages({ draft, set, wrong }: PartProps) {
  return (
    <fieldset class="field">
      <legend>{words('languages')}</legend>
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
            <span lang={each}>{each === 'ko' ? '한국어' : 'English'}</span>
          </label>
        ))}
      </div>
      <p class={wrong ? 'wrong' : 'soft'}>{wrong ?? words('languagesHelp')}</p>
    </fieldset>
  );
}
