import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import '../shared/sheet.css';
import './kitchen.css';
import './ticket.css';
import './order.css';
import './panels.css';
import './pace.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { startBoard } from './board-state.ts';
import { keepAwake } from './keep-awake.ts';
import { kitchenKey } from './key.ts';
import { Kitchen } from './kitchen.tsx';
import { followMenu } from './menu-state.ts';
import { followPace } from './pace-state.ts';

// A kitchen's screen speaks Korean until somebody says otherwise; its browser was set up by nobody in particular.
surviveTranslators();
keepFocus();
startLanguage('ko');
kitchenKey.take();
window.addEventListener('hashchange', kitchenKey.take);
effect(() => {
  if (kitchenKey.value.value) untracked(startBoard);
});
followPace();
followMenu();
keepAwake();
render(<Kitchen />, document.getElementById('app')!);
