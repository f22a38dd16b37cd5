import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import './hall.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { startCarrying } from './carry-state.ts';
import { Hall } from './hall.tsx';
import { hallKey } from './key.ts';
import { startLine } from './line-state.ts';

surviveTranslators();
keepFocus();
startLanguage('ko');
hallKey.take();
window.addEventListener('hashchange', hallKey.take);
effect(() => {
  if (!hallKey.value.value) return;
  untracked(startLine);
  untracked(startCarrying);
});
render(<Hall />, document.getElementById('app')!);
