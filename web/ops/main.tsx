import '../shared/styles/base.css';
import '../shared/styles/office.css';
import '../shared/parts/ranking.css';
import './ops.css';
import { startPage } from '../shared/page/start-page.ts';
import { keepLooking, load, ownerKey } from './dead-letters.ts';
import { keepWatching, lookAtNode } from './live.ts';
import { Ops } from './ops.tsx';
import { ranking } from './ranking.tsx';

startPage(<Ops />, {
  key: ownerKey,
  opened: () => {
    void load();
    void lookAtNode();
    void ranking.load();
  },
});
keepLooking();
keepWatching();
ranking.keepFresh();
