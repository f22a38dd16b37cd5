import '../shared/styles/base.css';
import './waitlist.css';
import { startPage } from '../shared/page/start-page.ts';
import { unlockSound } from '../shared/page/tones.ts';
import { deliver } from './join.ts';
import { startFollowing } from './party-state.ts';
import { Waitlist } from './waitlist.tsx';

startPage(<Waitlist />);
window.addEventListener('pointerdown', () => void unlockSound());
startFollowing();
void deliver();
