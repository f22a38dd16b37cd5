import '../shared/base.css';
import '../shared/night.css';
import './hall.css';
import { startPage } from '../shared/start-page.ts';
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
