/**
 * npm run bench [-- PART…]: each part prints a table of ratios that were measured in one run; the last lines list the
 * aims that
 * were missed. Ratios of one run can be compared; times of two machines can't.
 */
import { type Finding, print } from './report.ts';

const parts: Record<string, () => Promise<Finding>> = {
  start: async () => (await import('./start.ts')).start(),
  speed: async () => (await import('./speed.ts')).speed(),
  growth: async () => (await import('./growth.ts')).growth(),
  operations: async () => (await import('./operations.ts')).operations(),
  memory: async () => (await import('./soak.ts')).soak(),
  database: async () => (await import('./journal.ts')).journal(),
  certify: async () => (await import('./certify.ts')).certify(),
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; the parts are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const missed: string[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const found = await measure();
  print(found);
  missed.push(...found.rows.flatMap((row) => row.missed ?? []));
}
console.log(missed.length === 0 ? '\nAll aims are met.' : `\nMissed:\n${missed.map((line) => `- ${line}`).join('\n')}`);
