import '../shared/styles/base.css';
import '../shared/styles/office.css';
import '../setup/setup.css';
import './menu.css';
import { startPage } from '../shared/page/start-page.ts';
import { ownerKey } from './menu-api.ts';
import { MenuPage } from './menu-page.tsx';
import { load } from './menu-state.ts';

startPage(<MenuPage />, { language: 'ko', key: ownerKey, opened: () => void load() });
