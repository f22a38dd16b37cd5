import '../shared/styles/base.css';
import '../shared/styles/night.css';
import './hall.css';
import { startPage } from '../shared/page/start-page.ts';
import { startCarrying } from './carry-state.ts';
import { Hall } from './hall.tsx';
import { hallKey } from './key.ts';
import { startLine } from './line-state.ts';

startPage(<Hall />, {
  language: 'ko',
  key: hallKey,
  opened: () => {
    startLine();
    startCarrying();
  },
});
