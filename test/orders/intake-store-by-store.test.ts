import { after } from 'node:test';
import { testIntake } from './intake-suite.ts';

// As on Citus, which locks one store a statement.
await testIntake({ after }, { env: { INTAKE: 'grouped' }, lockStoresOneByOne: true });
