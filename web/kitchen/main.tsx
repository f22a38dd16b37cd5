import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import '../shared/sheet.css';
import './kitchen.css';
import './ticket.css';
import './panels.css';
import { startLanguage } from '../shared/i18n.ts';
import { startBoard } from './board-state.ts';
import { keepAwake } from './keep-awake.ts';
import { key, takeKey } from './key.ts';
import { Kitchen } from './kitchen.tsx';

// A kitchen's screen speaks Korean until somebody says otherwise; its browser was set up by nobody in particular.
startLanguage('ko');
takeKey();
window.addEventListener('hashchange', takeKey);
effect(() => {
  if (key.value) untracked(startBoard);
});
keepAwake();
render(<Kitchen />, document.getElementById('app')!);
