import '../shared/base.css';
import './home.css';
import { startPage } from '../shared/start-page.ts';
import { Home } from './home.tsx';
import { loadMore } from './stores.ts';

startPage(<Home />);
void loadMore();
