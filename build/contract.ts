import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSpec } from '../spec/load.ts';
import { profileVersions } from '../spec/versions.ts';

/** Writes the contract of every version as JSON, so that the package parses no YAML. */
export function writeContracts(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const version of profileVersions())
    writeFileSync(join(folder, `${version}.json`), JSON.stringify(compileSpec(version)));
}
