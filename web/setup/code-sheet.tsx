import { useEffect } from 'preact/hooks';
import { nameOf, t } from '../shared/i18n.ts';
import { QrCode } from '../shared/qr-code.tsx';
import { codes, loadCodes, showStores } from './setup-state.ts';

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
          {t('setup.print')}
        </button>
        <button type="button" class="button" onClick={showStores}>
          {t('setup.back')}
        </button>
      </div>
      <p class="soft no-print">{t('setup.printHelp')}</p>
      {isLocal && (
        <p class="banner no-print" role="alert">
          {t('setup.localOnly')}
        </p>
      )}
      <ul class="codes" aria-label={t('setup.codes')}>
        {found.codes.map(({ table, address }) => {
          // A table with a name of its own is called by it.
          const name = table === null ? t('takeout') : /^\d+$/.test(table) ? t('table', { table }) : table;
          return (
            <li key={address}>
              <p class="code-store">{nameOf(found.store.name)}</p>
              <QrCode text={address} label={t('setup.codeOf', { name })} />
              <p class="code-table">{name}</p>
              <p class="code-help">{t('setup.scan')}</p>
              <p class="code-address">{address.replace(/^https?:\/\//, '')}</p>
            </li>
          );
        })}
      </ul>
    </>
  );
}
