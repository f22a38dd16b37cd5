import { effect } from '@preact/signals';
import { render } from 'preact';
import '../shared/styles/base.css';
import '../shared/parts/sheet.css';
import './guest.css';
import './menu/dishes.css';
import '../shared/parts/options.css';
import './cart/cart.css';
import './order/order.css';
import './menu/popular.css';
import './order/line-wait.css';
import { language, startLanguage } from '../shared/language/i18n.ts';
import { surviveTranslators } from '../shared/language/translatable.ts';
import { keepFocus } from '../shared/page/keep-focus.ts';
import { App } from './app.tsx';
import { keepMenuFresh } from './menu/menu-state.ts';
import { keepPopularFresh } from './menu/popular-state.ts';
import { pending } from './order/pending-orders.ts';
import { place } from './order/place.ts';
import { progress, resumePending, sentInBackground } from './order/sending.ts';
import { startWatching } from './order/watch-orders.ts';
import { startRouting } from './route.ts';
import { loadTablePart } from './table/table-part.ts';

const manifestOf = (store: string) => ({
  rel: 'manifest',
  href: `/s/${encodeURIComponent(store)}/app.webmanifest`,
});

/** So long at most words that are there already are not taken away for others in English, while the reader's own are on their way. */
const OWN_SENTENCES_WITHIN_MS = 5_000;

surviveTranslators();
keepFocus();
startRouting();
const root = document.getElementById('app')!;
const saidIn = root.querySelector('.dish') ? document.documentElement.lang : null;
const sentences = startLanguage();
const isReadAlready = saidIn === language.value;
// Not awaited: of a file that waits at its top the bundler splits off all that later parts share with it, and the page grows by 2 KiB.
if (isReadAlready) {
  const longEnough = new Promise((resolve) => setTimeout(resolve, OWN_SENTENCES_WITHIN_MS));
  void Promise.race([sentences, longEnough]).then(start);
} else start();

function start(): void {
  // Drawn in the same moment, and as it was: what was read stands where it stood.
  root.replaceChildren();
  render(<App />, root);
  document.documentElement.className = '';
  // What makes a home screen's icon of it: asked for when the page is there, as nobody waits for it.
  if (place.store) document.head.append(Object.assign(document.createElement('link'), manifestOf(place.store)));
  keepMenuFresh();
  keepPopularFresh();
  startWatching();
  resumePending();
  // Without a network it is missed by nobody: there is no server to call.
  loadTablePart().catch(() => {});
  // Loaded while there is a network, for when there is none.
  if ('SyncManager' in window)
    void import('./order/background-send.ts')
      .then((loaded) => loaded.sendInBackground({ effect, pending, progress, sentInBackground, store: place.store }))
      .catch(() => {});
}
