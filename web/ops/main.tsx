import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import '../shared/ranking.css';
import './ops.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { keepLooking, load, ownerKey } from './dead-letters.ts';
import { keepWatching, lookAtNode } from './live.ts';
import { Ops } from './ops.tsx';
import { ranking } from './ranking.tsx';

surviveTranslators();
keepFocus();
startLanguage();
ownerKey.take();
effect(() => {
  if (!ownerKey.value.value) return;
  untracked(load);
  untracked(() => void lookAtNode());
  untracked(() => void ranking.load());
});
keepLooking();
keepWatching();
ranking.keepFresh();
render(<Ops />, document.getElementById('app')!);
