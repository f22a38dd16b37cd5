import '../shared/base.css';
import '../shared/office.css';
import '../setup/setup.css';
import './menu.css';
import { startPage } from '../shared/start-page.ts';
import { ownerKey } from './menu-api.ts';
import { MenuPage } from './menu-page.tsx';
import { load } from './menu-state.ts';

startPage(<MenuPage />, { language: 'ko', key: ownerKey, opened: () => void load() });
