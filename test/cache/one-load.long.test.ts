import { oneLoadSuite, READERS } from './one-load.ts';

oneLoadSuite(READERS.long);
