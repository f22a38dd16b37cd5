import '../shared/base.css';
import '../shared/office.css';
import '../shared/sheet.css';
import './setup.css';
import { startPage } from '../shared/start-page.ts';
import { Setup } from './setup.tsx';
import { load, ownerKey } from './setup-state.ts';

startPage(<Setup />, { key: ownerKey, opened: () => void load() });
