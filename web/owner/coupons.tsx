import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { CouponView } from '../../src/contract/bill.ts';
import { formatMoney } from '../../src/contract/money.ts';
import { language } from '../shared/language/i18n.ts';
import { sentenceOf } from '../shared/language/problem-words.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson, request } from '../shared/server/api.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { CouponForm } from './coupon-form.tsx';
import { words } from './coupon-words.ts';
import { Panel } from './panel.tsx';
import { ownerKey, type Shown, storePath } from './sales-state.ts';

/** null before the first answer. */
const coupons = signal<readonly CouponView[] | null>(null);

async function load(): Promise<void> {
  try {
    const list = await getJson<{ items: CouponView[] }>(storePath('/coupons'), ownerKey.value.value ?? undefined);
    coupons.value = list.items;
  } catch {
    // The page itself says that nothing answers; what is shown stays.
  }
}

const isOver = ({ endedAt, validTo, uses, usesMax }: CouponView): boolean =>
  endedAt !== null || Date.parse(validTo) <= serverNowMs() || uses >= usesMax;

/** What the store's coupons are worth and how often they were used; new ones, and an end before its day. */
export function Coupons({ seen: { store } }: { seen: Shown }) {
  useEffect(() => void load(), []);
  const past = coupons.value?.filter(isOver) ?? [];
  const now = coupons.value?.filter((coupon) => !isOver(coupon));
  return (
    <Panel title={words('title')}>
      <p class="soft">{words('help')}</p>
      {now?.length === 0 && <p class="soft nothing">{words('none')}</p>}
      <ul class="coupons">
        {now?.map((coupon) => (
          <Coupon key={coupon.id} coupon={coupon} store={store} />
        ))}
      </ul>
      <details>
        <summary>{words('new')}</summary>
        <CouponForm store={store} onMade={load} />
      </details>
      {past.length > 0 && (
        <details>
          <summary>{words('past', { count: past.length })}</summary>
          <ul class="coupons">
            {past.map((coupon) => (
              <Coupon key={coupon.id} coupon={coupon} store={store} />
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

function Coupon({ coupon, store }: { coupon: CouponView; store: Shown['store'] }) {
  const { code, percent, amount, uses, usesMax, validTo } = coupon;
  // Its last moment is a midnight, which is the next day's.
  const day = new Date(Date.parse(validTo) - 1).toLocaleDateString(language.value, {
    timeZone: store.timeZone,
    month: 'long',
    day: 'numeric',
  });
  return (
    <li>
      <span>
        <strong translate={false}>{code}</strong>{' '}
        {percent === null
          ? words('amountOff', { amount: formatMoney(amount ?? 0, store.currency, language.value) })
          : words('percentOff', { percent })}
        <span class="soft">{words('used', { uses, max: usesMax, day })}</span>
      </span>
      {!isOver(coupon) && <End coupon={coupon} />}
    </li>
  );
}

/** Ended for good, so it takes a second tap. */
function End({ coupon: { id, code } }: { coupon: CouponView }) {
  const [asks, setAsks] = useState(false);
  const end = async () => {
    try {
      await request(storePath(`/coupons/${id}`), { method: 'DELETE', token: ownerKey.value.value ?? undefined });
      say(words('ended', { code }));
      await load();
    } catch (error) {
      say(sentenceOf(error instanceof ApiProblem ? error : new ApiProblem('network')), 'problem');
    }
  };
  return (
    <button
      type="button"
      class="button quiet"
      aria-label={words(asks ? 'endSureName' : 'endName', { code })}
      onClick={() => {
        setAsks(!asks);
        if (asks) void end();
      }}
    >
      {words(asks ? 'endSure' : 'end')}
    </button>
  );
}
