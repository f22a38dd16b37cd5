#!/usr/bin/env node
import { exitWith, ROOT, runNode } from '../scripts/node24.mjs';

await exitWith(() => runNode([`${ROOT}/src/main.ts`, ...process.argv.slice(2)]));
