#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Types are stripped and code is compiled once, not at every start.
enableCompileCache();
const { run } = await import('./run.ts');
await run(process.argv);
