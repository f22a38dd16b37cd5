import { signal } from '@preact/signals';
import type { RankingView } from '../../../src/contract/ranking.ts';
import { t } from '../language/house-words.ts';
import { nameOf } from '../language/i18n.ts';
import { getJson } from '../server/api.ts';

type Window = RankingView['window'];
const WINDOWS: readonly Window[] = ['hour', 'day', 'week'];
/** A store's is right to the second, brands and everybody are counted together once a minute; nobody decides by half of that. */
const REFRESH_MS = 30_000;

/**
 * What sells, in a window that is chosen: who looks at which list.
 * @param path of the API, such as `/ranking`
 */
export function createRanking(path: string) {
  const chosen = signal<Window>('day');
  const ranking = signal<RankingView | null>(null);

  /** Never throws: what is shown stays, and the page says by itself when the server does not answer. */
  async function load(): Promise<void> {
    try {
      const answer = await getJson<RankingView>(`${path}?window=${chosen.value}&limit=10`);
      // Another window may have been chosen meanwhile.
      if (answer.window === chosen.value) ranking.value = answer;
    } catch {}
  }

  function List() {
    return (
      <>
        <div class="tools">
          {WINDOWS.map((window) => (
            <button
              type="button"
              key={window}
              class="button"
              aria-pressed={window === chosen.value}
              onClick={() => {
                chosen.value = window;
                void load();
              }}
            >
              {t(`ranking.${window}`)}
            </button>
          ))}
        </div>
        {!ranking.value && <p class="soft">{t('loading')}</p>}
        {ranking.value?.items.length === 0 && <p class="soft">{t('ranking.none')}</p>}
        <ol>
          {ranking.value?.items.map(({ rank, itemId, name, count, movement }) => (
            <li key={itemId}>
              <b class="number">{rank}</b>
              <span>{nameOf(name)}</span>
              <span class="number">{t('ranking.portions', { count })}</span>
              <Movement won={movement} />
            </li>
          ))}
        </ol>
      </>
    );
  }

  return {
    load,
    List,
    /** Asks again while somebody looks, once it was asked for. */
    keepFresh(): void {
      setInterval(() => {
        if (ranking.value && document.visibilityState === 'visible') void load();
      }, REFRESH_MS);
    },
  };
}

function Movement({ won }: { won: number | null }) {
  if (won === null) return <small>{t('ranking.new')}</small>;
  if (won === 0) return <small>–</small>;
  return (
    <small class="number" title={t(won > 0 ? 'popular.won' : 'ranking.lost', { count: Math.abs(won) })}>
      {won > 0 ? '▲' : '▼'}
      {Math.abs(won)}
    </small>
  );
}
