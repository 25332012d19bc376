/** `npm run check`: every check but the tests. */
import { runChecks } from './checks.ts';

await runChecks();
