/**
 * node tests/mock/graphs/record.ts URL: asks a real Langflow about every graph of variants.ts that golden.json does not
 * have yet, and writes down its responses for graphs.test.ts.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Observation, openObserver } from './observe.ts';
import { FIRST } from './variants.ts';

const file = new URL('golden.json', import.meta.url);
/** By graph, what was observed; the name of the first graph for the same as of that one. */
const known: Record<string, Observation | string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const { observe, variants } = await openObserver(process.argv[2] ?? 'http://127.0.0.1:7860');
const golden: typeof known = {};
for (const [index, variant] of variants.entries()) {
  const observed = known[variant.name] ?? (await observe(variant));
  const isSame = variant.name !== FIRST && isDeepStrictEqual(observed, golden[FIRST]);
  golden[variant.name] = isSame ? FIRST : observed;
  if (index % 20 !== 0) continue;
  console.error(`${index + 1} of ${variants.length}: ${variant.name}`);
  write({ ...known, ...golden });
}
write(golden);

function write(all: typeof known): void {
  const lines = Object.entries(all).map(([name, observed]) => `${JSON.stringify(name)}: ${JSON.stringify(observed)}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}
