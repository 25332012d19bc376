/** `npm test`: all checks that need only Node, the quick ones first. */
import { join } from 'node:path';
import { runCheck, runChecks } from './checks.ts';

await runChecks();
runCheck(['tests', join(import.meta.dirname, '../node_modules/.bin/vitest'), 'run', ...process.argv.slice(2)]);
