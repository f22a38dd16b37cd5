import '../shared/base.css';
import '../shared/office.css';
import '../shared/ranking.css';
import './ops.css';
import { startPage } from '../shared/start-page.ts';
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
