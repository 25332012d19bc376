import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3, type OpenAPITSOptions } from 'openapi-typescript';
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
/** As a server sees it: what has a default is always there. */
await write('api.d.ts', { defaultNonNullable: true });
/** As a client sees it: what has a default may be left out, and an object without properties holds anything. */
await write('client.d.ts', { defaultNonNullable: false, emptyObjectsUnknown: true });

async function write(file: string, options: OpenAPITSOptions): Promise<void> {
  const ast = await openapiTS(structuredClone(document) as unknown as OpenAPI3, { ...options, alphabetize: false });
  writeFileSync(join(folder, file), astToString(ast));
}
