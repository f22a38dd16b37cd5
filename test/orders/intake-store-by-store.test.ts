import { after } from 'node:test';
import { shardedDatabase } from '../support/sharded.ts';
import { testIntake } from './intake-suite.ts';

// As on Citus, which locks one store a statement.
await testIntake({ after }, { env: { INTAKE: 'grouped' }, databaseUrl: await shardedDatabase() });
