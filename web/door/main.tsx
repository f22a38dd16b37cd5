import '../shared/styles/base.css';
import '../shared/styles/wall.css';
import './door.css';
import { startPage } from '../shared/page/start-page.ts';
import { Door } from './door.tsx';
import { startDoor } from './door-state.ts';

startPage(<Door />, { language: 'ko' });
startDoor();
