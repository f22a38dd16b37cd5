import { t } from '../shared/language/house-words.ts';
import { nameOf, timeOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { stationName } from '../shared/language/station-name.ts';
import { soundReady } from '../shared/page/tones.ts';
import { Connection } from '../shared/parts/connection.tsx';
import { WhoWorks } from '../shared/parts/who-works.tsx';
import { clock, following, setStation, station, stations, store } from './board-state.ts';
import { kitchenKey, storeSlug } from './key.ts';
import { done, undo } from './move-ticket.ts';
import { words } from './pace-words.ts';
import { byTable, compact, panel } from './panel.ts';
import { setSoundWanted, soundWanted } from './sound.ts';

export function TopBar() {
  return (
    <header class="top">
      <div class="top-row">
        <h1>{store.value ? nameOf(store.value.name) : t('key.title')}</h1>
        <Connection following={following.value} timeZone={store.value?.timeZone} />
        <span class="top-clock number">{timeOf(clock.value, store.value?.timeZone)}</span>
        <span class="top-tools">
          <button type="button" class="tool" disabled={!done.value.length} onClick={undo}>
            {t('kitchen.undo')}
          </button>
          <PanelButton name="all-day">{t('kitchen.allDay')}</PanelButton>
          <ChoiceButton choice={byTable}>{t('kitchen.byTable')}</ChoiceButton>
          <ChoiceButton choice={compact}>{t('kitchen.compact')}</ChoiceButton>
          <PanelButton name="sold-out">{t('kitchen.menu')}</PanelButton>
          <PanelButton name="pace" class={`state-${store.value?.state ?? 'open'}`}>
            {store.value && store.value.state !== 'open' ? t(`store.${store.value.state}`) : words('title')}
          </PanelButton>
          <button
            type="button"
            class="tool"
            aria-pressed={soundWanted.value}
            onClick={() => setSoundWanted(!soundWanted.value)}
          >
            {t(soundWanted.value ? 'kitchen.soundOn' : 'kitchen.soundOff')}
          </button>
          <WhoWorks class="tool" pageKey={kitchenKey} store={storeSlug} />
          <LanguageChoice class="tool" />
        </span>
      </div>
      {soundWanted.value && !soundReady.value && <p class="unlock">{t('kitchen.soundUnlock')}</p>}
      {!byTable.isChosen.value && <StationTabs />}
    </header>
  );
}

interface PanelButtonProps {
  name: 'all-day' | 'sold-out' | 'pace';
  class?: string;
  children: string;
}

function PanelButton({ name, class: extra = '', children }: PanelButtonProps) {
  return (
    <button
      type="button"
      class={`tool ${extra}`}
      aria-pressed={panel.value === name}
      onClick={() => {
        panel.value = panel.value === name ? 'none' : name;
      }}
    >
      {children}
    </button>
  );
}

function ChoiceButton({ choice, children }: { choice: typeof byTable; children: string }) {
  return (
    <button type="button" class="tool" aria-pressed={choice.isChosen.value} onClick={choice.toggle}>
      {children}
    </button>
  );
}

/** Every station of the menu: side by side where there is room, in rows; on a phone as a list to choose from. */
function StationTabs() {
  const total = [...stations.value.values()].reduce((sum, count) => sum + count, 0);
  const tabs: [string | null, number][] = [[null, total], ...stations.value];
  const nameOfTab = (code: string | null) => (code === null ? t('kitchen.all') : stationName(code));
  return (
    <nav class="stations" aria-label={t('kitchen.stations')}>
      {tabs.map(([code, count]) => (
        <button type="button" key={code ?? ''} aria-pressed={station.value === code} onClick={() => setStation(code)}>
          {nameOfTab(code)} <span class="number">{count}</span>
        </button>
      ))}
      <select
        aria-label={t('kitchen.stations')}
        value={station.value ?? ''}
        onChange={({ currentTarget }) => setStation(currentTarget.value || null)}
      >
        {tabs.map(([code, count]) => (
          <option key={code ?? ''} value={code ?? ''}>
            {`${nameOfTab(code)} (${count})`}
          </option>
        ))}
      </select>
    </nav>
  );
}
