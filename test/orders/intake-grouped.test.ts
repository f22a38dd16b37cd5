import { after } from 'node:test';
import { testIntake } from './intake-suite.ts';

await testIntake({ after }, { env: { INTAKE: 'grouped' } });
