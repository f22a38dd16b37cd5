import '../shared/styles/base.css';
import '../shared/parts/sheet.css';
import '../shared/styles/night.css';
import '../hall/hall.css';
import '../shared/parts/options.css';
import './bills.css';
import { startPage } from '../shared/page/start-page.ts';
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
