import '../shared/base.css';
import '../shared/sheet.css';
import '../shared/night.css';
import '../hall/hall.css';
import '../shared/options.css';
import './bills.css';
import { startPage } from '../shared/start-page.ts';
import { Bills } from './bills.tsx';
import { billsKey, startBills } from './bills-state.ts';
import { loadTables } from './tables-state.ts';

startPage(<Bills />, {
  language: 'ko',
  key: billsKey,
  opened: () => {
    startBills();
    void loadTables();
  },
});
