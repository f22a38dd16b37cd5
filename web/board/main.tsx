import '../shared/styles/base.css';
import '../shared/styles/wall.css';
import './board.css';
import { startPage } from '../shared/page/start-page.ts';
import { Board } from './board.tsx';
import { startBoard } from './board-state.ts';

startPage(<Board />, { language: 'ko' });
startBoard();
