import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import './setup.css';
import { startLanguage } from '../shared/i18n.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Setup } from './setup.tsx';
import { load, ownerKey } from './setup-state.ts';

surviveTranslators();
startLanguage();
ownerKey.take();
window.addEventListener('hashchange', ownerKey.take);
effect(() => {
  if (ownerKey.value.value) untracked(load);
});
render(<Setup />, document.getElementById('app')!);
