import { render } from 'preact';
import '../shared/base.css';
import './ops.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepLooking, load, takeKey } from './dead-letters.ts';
import { Ops } from './ops.tsx';

startLanguage();
takeKey();
void load();
keepLooking();
render(<Ops />, document.getElementById('app')!);
