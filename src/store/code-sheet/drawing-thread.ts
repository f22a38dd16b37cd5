import { parentPort, workerData } from 'node:worker_threads';
import { drawSheet, type Sheet } from './draw-sheet.ts';

parentPort!.postMessage(await drawSheet(workerData as Sheet));
