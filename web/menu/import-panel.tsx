import { useEffect, useRef, useState } from 'preact/hooks';
import type { MenuFilePreview, MenuRowChange } from '../../src/contract/menu-file.ts';
import { formatMoney } from '../../src/contract/money.ts';
import { language } from '../shared/language/i18n.ts';
import { stationName } from '../shared/language/station-name.ts';
import { readAmount } from '../shared/language/typed-amount.ts';
import { apply, type Importing, importing, look } from './import-state.ts';
import { takeFile } from './menu-api.ts';
import { fail, store } from './menu-state.ts';
import { columnName, said, w } from './words.ts';

/** A file for the whole menu: chosen, compared, looked at, and only then taken. */
export function ImportPanel() {
  const [partial, setPartial] = useState(false);
  const now = importing.value;
  return (
    <section class="card" aria-label={w('file')}>
      <h2>{w('file')}</h2>
      <p class="soft">{w('fileHelp')}</p>
      <label class="check">
        <input type="checkbox" checked={partial} onChange={({ currentTarget }) => setPartial(currentTarget.checked)} />{' '}
        {w('partial')}
      </label>
      <div class="actions">
        <label class="button primary file">
          {w('choose')}
          <input
            type="file"
            class="visually-hidden"
            accept=".xlsx,.csv,.tsv,.txt,.json"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              // Choosing the same file again, after it was corrected, is a choice too.
              currentTarget.value = '';
              if (file) void look(file, partial);
            }}
          />
        </label>
        {(['csv', 'json'] as const).map((format) => (
          <button type="button" class="button" key={format} onClick={() => void takeFile(format).catch(fail)}>
            {w(format === 'csv' ? 'takeCsv' : 'takeJson')}
          </button>
        ))}
      </div>
      {now && <Outcome key={`${now.file.name} ${now.preview?.version}`} now={now} />}
    </section>
  );
}

function Outcome({ now }: { now: Importing }) {
  const { file, preview, problems, problemCount, isAgain } = now;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const title =
    problems.length > 0
      ? w('fileWrong', { count: problemCount })
      : w(preview ? 'preview' : 'reading', { file: file.name });
  return (
    <div class="outcome">
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      {isAgain && (
        <p class="banner" role="alert">
          {w('changedMeanwhile')}
        </p>
      )}
      {problems.length > 0 && (
        <ul class="problems">
          {problems.map(({ where, what }) => (
            <li key={`${where.en} ${what.en}`}>
              <strong>{said(where)}</strong> {said(what)}
            </li>
          ))}
        </ul>
      )}
      {preview ? <Preview preview={preview} /> : problems.length > 0 && <Cancel />}
    </div>
  );
}

const Cancel = () => (
  <button
    type="button"
    class="button"
    onClick={() => {
      importing.value = null;
    }}
  >
    {w('cancel')}
  </button>
);

function Preview({ preview }: { preview: MenuFilePreview }) {
  const { counts, reordered, mustConfirm, changes, made, notes } = preview;
  const [isSure, setSure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const total = counts.added + counts.changed + counts.removed;
  const codes = new Map(made.map(({ kind, code }) => [`${kind} ${code}`, code]));
  return (
    <>
      <p class="counts">
        <span class="badge good">{w('added', { count: counts.added })}</span>
        <span class="badge">{w('changed', { count: counts.changed })}</span>
        <span class={counts.removed ? 'badge warn' : 'badge'}>{w('removed', { count: counts.removed })}</span>
        <span class="soft">{w('unchanged', { count: counts.unchanged })}</span>
      </p>
      {notes.map((note) => (
        <p class="soft" key={note.en}>
          {said(note)}
        </p>
      ))}
      {total === 0 && !reordered && <p>{w('nothing')}</p>}
      {reordered && <p>{w('reordered')}</p>}
      {made.length > 0 && <p class="soft">{w('madeCodes')}</p>}
      {mustConfirm && (
        <label class="check sure">
          <input type="checkbox" checked={isSure} onChange={({ currentTarget }) => setSure(currentTarget.checked)} />{' '}
          {w('confirm', { count: counts.removed })}
        </label>
      )}
      <div class="actions">
        {(total > 0 || reordered) && (
          <button
            type="button"
            class="button primary"
            disabled={isBusy || (mustConfirm && !isSure)}
            onClick={() => {
              setBusy(true);
              void apply().finally(() => setBusy(false));
            }}
          >
            {w('apply')}
          </button>
        )}
        <Cancel />
      </div>
      <ul class="changes">
        {changes.map((row) => (
          <Change
            key={`${row.change} ${row.kind} ${row.within.join('/')} ${row.code}`}
            row={row}
            made={row.change === 'added' ? codes.get(`${row.kind} ${row.code}`) : undefined}
          />
        ))}
      </ul>
      {total > changes.length && <p class="soft">{w('more', { count: total - changes.length })}</p>}
    </>
  );
}

/** One row: what happens to it, and each field as it was and will be. What comes or goes whole shows what it is by its name. */
function Change({ row, made }: { row: MenuRowChange; made: string | undefined }) {
  const { change, kind, name, within, fields } = row;
  const shown =
    change === 'changed' ? fields : fields.filter(({ column }) => column === 'price' || column === 'station');
  return (
    <li class={`change ${change}`}>
      <p>
        <span class={`badge ${change === 'added' ? 'good' : change === 'removed' ? 'warn' : ''}`}>
          {w(`change.${change as 'added'}`)}
        </span>{' '}
        <span class="soft">{[w(`kind.${kind as 'item'}`), ...within].join(' · ')}</span> <strong>{name}</strong>
        {made && <span class="soft"> {w('code', { code: made })}</span>}
      </p>
      {shown.length > 0 && (
        <ul class="fields">
          {shown.map(({ column, from, to }) => (
            <li key={column}>
              {columnName(column)}:{' '}
              {change === 'changed' && (
                <>
                  <del>{cellOf(column, from)}</del> <span aria-hidden="true">→</span>{' '}
                </>
              )}
              <ins>{cellOf(column, to)}</ins>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** A field of a table as it is read: an amount with its currency, a station by its name. */
function cellOf(column: string, text: string): string {
  if (text === '') return w('empty');
  if (column === 'station') return stationName(text);
  const { currency } = store.value!;
  const amount = column === 'price' ? readAmount(text, currency) : undefined;
  return amount === undefined ? text : formatMoney(amount, currency, language.value);
}
