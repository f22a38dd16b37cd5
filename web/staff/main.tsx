import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import './staff.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Join } from './join.tsx';
import { Staff } from './staff.tsx';
import { load, staffKey } from './staff-state.ts';

surviveTranslators();
keepFocus();
startLanguage('ko');
const isInvited = location.pathname === '/join';
if (!isInvited) {
  staffKey.take();
  window.addEventListener('hashchange', staffKey.take);
  effect(() => {
    if (staffKey.value.value) untracked(() => void load());
  });
}
render(isInvited ? <Join /> : <Staff />, document.getElementById('app')!);
