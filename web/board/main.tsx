import '../shared/base.css';
import '../shared/wall.css';
import './board.css';
import { startPage } from '../shared/start-page.ts';
import { Board } from './board.tsx';
import { startBoard } from './board-state.ts';

startPage(<Board />, { language: 'ko' });
startBoard();
