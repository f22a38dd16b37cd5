import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import '../shared/ranking.css';
import './owner.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Owner } from './owner.tsx';
import { keepLooking, load, ownerKey, storeSlug } from './sales-state.ts';
import { selling } from './selling-now.tsx';

surviveTranslators();
keepFocus();
startLanguage('ko');
ownerKey.take();
effect(() => {
  if (!ownerKey.value.value) return;
  untracked(() => void load());
  if (storeSlug) untracked(() => void selling.load());
});
keepLooking();
selling.keepFresh();
render(<Owner />, document.getElementById('app')!);
