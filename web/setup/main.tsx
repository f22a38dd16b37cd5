import '../shared/styles/base.css';
import '../shared/styles/office.css';
import '../shared/parts/sheet.css';
import './setup.css';
import { startPage } from '../shared/page/start-page.ts';
import { Setup } from './setup.tsx';
import { load, ownerKey } from './setup-state.ts';

startPage(<Setup />, { key: ownerKey, opened: () => void load() });
