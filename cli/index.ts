#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { endWithStarter, takeSignalsAsFirstProcess } from './starter.mjs';

await endWithStarter();
takeSignalsAsFirstProcess();
// Types are stripped and code is compiled once, not at every start.
enableCompileCache();
const { run } = await import('./run.ts');
await run(process.argv);
