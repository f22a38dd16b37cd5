import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import '../shared/sheet.css';
import '../hall/hall.css';
import './bills.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Bills } from './bills.tsx';
import { billsKey, startBills } from './bills-state.ts';
import { loadTables } from './tables-state.ts';

surviveTranslators();
keepFocus();
startLanguage('ko');
billsKey.take();
window.addEventListener('hashchange', billsKey.take);
effect(() => {
  if (!billsKey.value.value) return;
  untracked(startBills);
  void untracked(loadTables);
});
render(<Bills />, document.getElementById('app')!);
