import type { ComponentChildren } from 'preact';
import { t } from '../shared/language/house-words.ts';
import { download } from './download.ts';

/** One table of the page, with the file of it where there is one. */
export function Panel({ title, csv, children }: { title: string; csv?: string; children: ComponentChildren }) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        {csv !== undefined && (
          <button
            type="button"
            class="button quiet"
            aria-label={`${t('owner.download')}: ${title}`}
            onClick={() => void download(csv)}
          >
            {t('owner.download')}
          </button>
        )}
      </div>
      {children}
    </section>
  );
}

export const Nothing = () => <p class="soft nothing">{t('owner.nothing')}</p>;
