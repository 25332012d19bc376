import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { DEFAULT_VERSION, loadSpec } from './index.ts';
import { lintContract } from './lint.ts';

/**
 * `npm run types`, before each type check: lints the contract, then writes the types of all operations and schemas.
 * The lint names the place of a mistake in a part; the type check would only name a type that does not match.
 */
const problems = await lintContract();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

const { document } = await loadSpec(DEFAULT_VERSION);
const folder = join(import.meta.dirname, 'generated');
mkdirSync(folder, { recursive: true });
const ast = await openapiTS(structuredClone(document) as unknown as OpenAPI3, { defaultNonNullable: true, alphabetize: false });
writeFileSync(join(folder, 'api.d.ts'), astToString(ast));
