import { computed, signal, useSignalEffect } from '@preact/signals';
import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { AllDay } from './all-day.tsx';
import { LANES, type Lane, toRounds } from './board.ts';
import { lanes, missing, store } from './board-state.ts';
import { kitchenKey } from './key.ts';
import { OrderSheet } from './order-sheet.tsx';
import { PaceSheet } from './pace-sheet.tsx';
import { byTable, compact, openOrder, panel } from './panel.ts';
import { SoldOutSheet } from './sold-out-sheet.tsx';
import { TableList } from './table-list.tsx';
import { RoundCard, TicketCard } from './ticket-card.tsx';
import { TopBar } from './top-bar.tsx';

/** The lane that a narrow screen shows. */
const narrowLane = signal<Lane>('placed');

const TITLES = { placed: 'kitchen.new', cooking: 'kitchen.cooking', ready: 'kitchen.ready' } as const;

const keyWords = () => ({
  title: t('key.title'),
  label: t('key.label'),
  help: t('key.help'),
  open: t('key.open'),
});

export function Kitchen() {
  useSignalEffect(() => {
    const name = store.value ? t('kitchen.title', { store: nameOf(store.value.name) }) : t('key.title');
    const waiting = lanes.value.placed.length;
    document.title = waiting ? `(${waiting}) ${name}` : name;
  });
  if (!kitchenKey.value.value) {
    return (
      <main class="key-page">
        <KeyForm pageKey={kitchenKey} words={keyWords()} />
      </main>
    );
  }
  if (missing.value) return <p class="lane-empty">{t('kitchen.storeMissing')}</p>;
  return (
    <>
      <TopBar />
      {!byTable.isChosen.value && <LaneTabs />}
      <main
        class={`board ${panel.value === 'all-day' ? 'with-panel' : ''} ${compact.isChosen.value ? 'compact' : ''} ${
          crowded.value ? 'crowded' : ''
        }`}
      >
        {byTable.isChosen.value ? <TableList /> : LANES.map((lane) => <LaneColumn key={lane} lane={lane} />)}
        {panel.value === 'all-day' && <AllDay />}
      </main>
      {panel.value === 'sold-out' && (
        <SoldOutSheet
          onClose={() => {
            panel.value = 'none';
          }}
        />
      )}
      {panel.value === 'pace' && (
        <PaceSheet
          onClose={() => {
            panel.value = 'none';
          }}
        />
      )}
      {openOrder.value && <OrderSheet key={openOrder.value} orderId={openOrder.value} />}
      <NoticePlace />
    </>
  );
}

/** So many tickets of a lane are on a screen at once; fewer leave the lanes as they are, so that nothing moves in a calm hour. */
const CROWDED_FROM = 6;
const crowded = computed(() => LANES.some((lane) => lanes.value[lane].length > CROWDED_FROM));

function LaneTabs() {
  return (
    <nav class="lane-tabs" aria-label={t('order.title')}>
      {LANES.map((lane) => (
        <button
          type="button"
          key={lane}
          aria-pressed={narrowLane.value === lane}
          onClick={() => {
            narrowLane.value = lane;
          }}
        >
          {t(TITLES[lane])} <span class="number">{lanes.value[lane].length}</span>
        </button>
      ))}
    </nav>
  );
}

function LaneColumn({ lane }: { lane: Lane }) {
  return (
    <section
      class={`lane ${lane} ${narrowLane.value === lane ? 'shown' : ''} ${lanes.value[lane].length === 0 ? 'empty' : ''}`}
      aria-label={t(TITLES[lane])}
    >
      <h2>
        {t(TITLES[lane])} <span class="number">{lanes.value[lane].length}</span>
      </h2>
      <ul class="tickets">
        {toRounds(lanes.value[lane]).map(({ id, tickets }) =>
          tickets.length === 1 ? (
            <TicketCard key={id} ticket={tickets[0]!} />
          ) : (
            <RoundCard key={id} tickets={tickets} />
          ),
        )}
      </ul>
      {lanes.value[lane].length === 0 && <p class="lane-empty">{t('kitchen.empty')}</p>}
    </section>
  );
}
