import { render } from 'preact';
import '../shared/base.css';
import './door.css';
import { startLanguage } from '../shared/i18n.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Door } from './door.tsx';
import { startDoor } from './door-state.ts';

// It hangs where everybody sees it, and nobody in particular chose its browser's language.
surviveTranslators();
startLanguage('ko');
startDoor();
render(<Door />, document.getElementById('app')!);
