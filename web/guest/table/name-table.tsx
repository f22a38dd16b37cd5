import { useState } from 'preact/hooks';
import { TABLE_LENGTH_MAX } from '../../../src/contract/bounds.ts';
import { createWords } from '../../shared/language/words.ts';
import { keep, recall } from '../../shared/page/storage.ts';
import { Sheet } from '../../shared/parts/sheet.tsx';
import { cart } from '../cart/cart-state.ts';
import { cartKeptAs, place } from '../order/place.ts';

const ko = {
  name: '테이블에 앉아 있어요',
  title: '어느 테이블인가요?',
  label: '테이블에 적힌 번호나 이름',
  help: 'QR 코드가 있으면 찍는 것이 가장 빨라요. 담아 둔 메뉴는 그대로예요.',
  go: '이 테이블로 주문하기',
};
const en: Record<keyof typeof ko, string> = {
  name: 'I am at a table',
  title: 'Which table?',
  label: 'The number or name on the table',
  help: 'Scanning its QR code is quickest, where there is one. Your cart stays.',
  go: 'Order to this table',
};
const ja: Record<keyof typeof ko, string> = {
  name: 'テーブルにいます',
  title: 'どのテーブルですか？',
  label: 'テーブルの番号または名前',
  help: 'QRコードがあれば読み取るのが一番早いです。カートはそのままです。',
  go: 'このテーブルで注文する',
};
const zh: Record<keyof typeof ko, string> = {
  name: '我在桌边',
  title: '哪一桌？',
  label: '桌上的号码或名称',
  help: '如有二维码，扫码最快。购物车会保留。',
  go: '为这一桌点餐',
};
const words = createWords({ ko, en, ja, zh });

const HOURS_12_MS = 12 * 60 * 60 * 1000;

/** For whoever came by the list of stores and sits at a table: names it, and goes on with what is in the cart. */
export function NameTable() {
  const [isOpen, setOpen] = useState(false);
  const go = (event: SubmitEvent) => {
    event.preventDefault();
    const table = String(new FormData(event.currentTarget as HTMLFormElement).get('table')).trim();
    if (!table) return;
    // A cart that this phone has at the table already is the one that its guest remembers.
    if (cart.value.length > 0 && !recall(cartKeptAs(table), HOURS_12_MS)) keep(cartKeptAs(table), cart.value);
    location.assign(`/s/${encodeURIComponent(place.store)}/t/${encodeURIComponent(table)}`);
  };
  return (
    <>
      <button type="button" class="hero-button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words('name')}
      </button>
      {isOpen && (
        <Sheet label={words('title')} title={words('title')} onClose={() => setOpen(false)}>
          <form onSubmit={go}>
            <label class="field">
              <span>{words('label')}</span>
              <input name="table" maxLength={TABLE_LENGTH_MAX} autocomplete="off" required autofocus />
            </label>
            <p class="soft">{words('help')}</p>
            <button type="submit" class="button primary wide">
              {words('go')}
            </button>
          </form>
        </Sheet>
      )}
    </>
  );
}
