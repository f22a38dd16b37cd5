import { createWords } from '../language/words.ts';

const words = createWords({
  ko: { store: '매장 설정' },
  en: { store: 'Store' },
  ja: { store: '店舗設定' },
  zh: { store: '店铺设置' },
});

/** From a page of a store's office back to the store's own page, where the ways to all of them are. */
export const ToStore = ({ slug }: { slug: string }) => (
  <a class="button quiet to-store" href={`/setup?store=${encodeURIComponent(slug)}`}>
    ‹ {words('store')}
  </a>
);
