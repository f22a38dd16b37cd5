import { render } from 'preact';
import '../shared/base.css';
import './board.css';
import { startLanguage } from '../shared/i18n.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Board } from './board.tsx';
import { startBoard } from './board-state.ts';

// It hangs where everybody sees it, and nobody in particular chose its browser's language.
surviveTranslators();
startLanguage('ko');
startBoard();
render(<Board />, document.getElementById('app')!);
