import { render } from 'preact';
import '../shared/base.css';
import './home.css';
import { startLanguage } from '../shared/i18n.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import { surviveTranslators } from '../shared/translatable.ts';
import { Home } from './home.tsx';
import { loadMore } from './stores.ts';

surviveTranslators();
keepFocus();
startLanguage();
const root = document.getElementById('app')!;
root.replaceChildren();
render(<Home />, root);
void loadMore();
