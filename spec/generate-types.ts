import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { DEFAULT_VERSION } from './index.ts';
import { compileSpec } from './load.ts';

/** Writes the types of all operations and schemas, from the merged document: `npm run types`, before each type check. */
const { document } = compileSpec(DEFAULT_VERSION);
const folder = join(import.meta.dirname, 'generated');
mkdirSync(folder, { recursive: true });
const ast = await openapiTS(document as unknown as OpenAPI3, { defaultNonNullable: true, alphabetize: false });
writeFileSync(join(folder, 'api.d.ts'), astToString(ast));
