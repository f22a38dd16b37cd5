import '../shared/styles/base.css';
import './home.css';
import { startPage } from '../shared/page/start-page.ts';
import { Home } from './home.tsx';
import { loadMore } from './stores.ts';

startPage(<Home />);
void loadMore();
