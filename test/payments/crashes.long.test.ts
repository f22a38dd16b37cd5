import { crashSuite } from './crashes.ts';

await crashSuite(1);
