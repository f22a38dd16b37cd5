import '../shared/styles/base.css';
import '../shared/styles/office.css';
import '../shared/parts/ranking.css';
import './owner.css';
import { startPage } from '../shared/page/start-page.ts';
import { Owner } from './owner.tsx';
import { keepLooking, load, ownerKey, storeSlug } from './sales-state.ts';
import { selling } from './selling-now.tsx';

startPage(<Owner />, {
  language: 'ko',
  key: ownerKey,
  opened: () => {
    void load();
    if (storeSlug) void selling.load();
  },
});
keepLooking();
selling.keepFresh();
