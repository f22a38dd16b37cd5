import '../shared/base.css';
import '../shared/wall.css';
import './door.css';
import { startPage } from '../shared/start-page.ts';
import { Door } from './door.tsx';
import { startDoor } from './door-state.ts';

startPage(<Door />, { language: 'ko' });
startDoor();
