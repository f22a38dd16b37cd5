import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import '../setup/setup.css';
import './menu.css';
import { startLanguage } from '../shared/i18n.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { ownerKey } from './menu-api.ts';
import { MenuPage } from './menu-page.tsx';
import { load } from './menu-state.ts';

surviveTranslators();
startLanguage('ko');
ownerKey.take();
window.addEventListener('hashchange', ownerKey.take);
effect(() => {
  if (ownerKey.value.value) untracked(load);
});
render(<MenuPage />, document.getElementById('app')!);
