import { render } from 'preact';
import '../shared/base.css';
import './home.css';
import { startLanguage } from '../shared/i18n.ts';
import { Home } from './home.tsx';
import { loadMore } from './stores.ts';

startLanguage();
const root = document.getElementById('app')!;
root.replaceChildren();
render(<Home />, root);
void loadMore();
