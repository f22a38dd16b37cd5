import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import './owner.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Owner } from './owner.tsx';
import { keepLooking, load, ownerKey } from './sales-state.ts';

surviveTranslators();
keepFocus();
startLanguage('ko');
ownerKey.take();
effect(() => {
  if (ownerKey.value.value) untracked(() => void load());
});
keepLooking();
render(<Owner />, document.getElementById('app')!);
