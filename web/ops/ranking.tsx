import { signal } from '@preact/signals';
import type { RankingView } from '../../src/contract/ranking.ts';
import { getJson } from '../shared/api.ts';
import { nameOf, t } from '../shared/i18n.ts';

type Window = RankingView['window'];
const WINDOWS: readonly Window[] = ['hour', 'day', 'week'];
/** Brands and everybody are counted together once a minute. */
const REFRESH_MS = 30_000;

const window_ = signal<Window>('day');
const ranking = signal<RankingView | null>(null);

async function load(): Promise<void> {
  try {
    const answer = await getJson<RankingView>(`/ranking?window=${window_.value}&limit=10`);
    // Another window may have been chosen meanwhile.
    if (answer.window === window_.value) ranking.value = answer;
  } catch {
    // What is shown stays; the list above says when the server does not answer.
  }
}

export function keepRankingFresh(): void {
  setInterval(() => {
    if (ranking.value && document.visibilityState === 'visible') void load();
  }, REFRESH_MS);
}

export function openRanking(): void {
  void load();
}

/** What sells at all stores together. */
export function Ranking() {
  return (
    <section class="ranking">
      <h2>{t('ranking.title')}</h2>
      <div class="tools">
        {WINDOWS.map((window) => (
          <button
            type="button"
            key={window}
            class="button"
            aria-pressed={window === window_.value}
            onClick={() => {
              window_.value = window;
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
    </section>
  );
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
