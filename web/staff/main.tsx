import '../shared/styles/base.css';
import '../shared/styles/office.css';
import './staff.css';
import { startPage } from '../shared/page/start-page.ts';
import { Join } from './join.tsx';
import { Staff } from './staff.tsx';
import { load, staffKey } from './staff-state.ts';

if (location.pathname === '/join') startPage(<Join />, { language: 'ko' });
else startPage(<Staff />, { language: 'ko', key: staffKey, opened: () => void load() });
