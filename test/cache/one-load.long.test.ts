import { LONG, oneLoadSuite } from './one-load.ts';

oneLoadSuite(LONG);
