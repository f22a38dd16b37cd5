import { render } from 'preact';
import '../shared/base.css';
import './waitlist.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { unlockSound } from '../shared/tones.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { deliver } from './join.ts';
import { startFollowing } from './party-state.ts';
import { Waitlist } from './waitlist.tsx';

surviveTranslators();
keepFocus();
startLanguage();
window.addEventListener('pointerdown', () => void unlockSound());
startFollowing();
render(<Waitlist />, document.getElementById('app')!);
void deliver();
