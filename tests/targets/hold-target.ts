// Opens a target, says so, and stays: for the test that kills it.
import { openTarget } from '../../targets/index.ts';

await openTarget(process.argv[2] ?? '');
console.log('open');
setInterval(() => {}, 1_000);
