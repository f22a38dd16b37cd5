import { useEffect, useState } from 'preact/hooks';
import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { QrCode } from '../shared/parts/qr-code.tsx';
import { words as linkWords } from './link-words.ts';
import { back, codes, loadCodes, rotateCode, savePdf } from './setup-state.ts';
import { words } from './words.ts';

/** A code for each table, to be printed, cut and put up; each says in words what it is for. */
export function CodeSheet({ slug }: { slug: string }) {
  useEffect(() => {
    codes.value = null;
    void loadCodes(slug);
  }, [slug]);
  const found = codes.value;
  if (!found) return <p class="soft">{t('loading')}</p>;
  const isLocal = /^https?:\/\/(localhost|127\.)/.test(found.codes[0]!.address);
  return (
    <>
      <div class="actions no-print">
        <button type="button" class="button primary" onClick={() => window.print()}>
          {words('print')}
        </button>
        <button type="button" class="button" onClick={() => void savePdf(slug)}>
          {linkWords('pdf')}
        </button>
        <button type="button" class="button" onClick={back}>
          {words('back')}
        </button>
      </div>
      <p class="soft no-print">{words('printHelp')}</p>
      {isLocal && (
        <p class="banner no-print" role="alert">
          {words('localOnly')}
        </p>
      )}
      <ul class="codes" aria-label={words('codes')}>
        {found.codes.map(({ table, address }) => {
          // A table with a name of its own is called by it.
          const name = table === null ? t('takeout') : /^\d+$/.test(table) ? t('table', { table }) : table;
          return (
            <li key={address}>
              <p class="code-store">{nameOf(found.store.name)}</p>
              <QrCode text={address} label={words('codeOf', { name })} />
              <p class="code-table">{name}</p>
              <p class="code-help">
                {words('scan')} <span lang="en">Scan to order</span>
              </p>
              <p class="code-address">{address.replace(/^https?:\/\//, '')}</p>
              {table !== null && <Replace slug={slug} table={table} name={name} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** A print that was photographed or taken away is replaced, with a second tap: what hangs on the table counts no more. */
function Replace({ slug, table, name }: { slug: string; table: string; name: string }) {
  const [asks, setAsks] = useState(false);
  return (
    <div class="no-print">
      {asks && (
        <p class="soft" role="alert">
          {linkWords('replaceHelp')}
        </p>
      )}
      <button
        type="button"
        class="button quiet"
        aria-label={linkWords(asks ? 'replaceSureName' : 'replaceName', { name })}
        onClick={() => {
          setAsks(!asks);
          if (asks) void rotateCode(slug, table);
        }}
      >
        {linkWords(asks ? 'replaceSure' : 'replace')}
      </button>
    </div>
  );
}
