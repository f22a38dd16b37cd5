import { crashSuite } from './crashes.ts';

// A few of the statements; all of them take a minute: crashes.long.test.ts.
await crashSuite(6);
