import { join } from 'node:path';
import { writeCompiled } from '../spec/compiled.ts';
import { compileSpec } from '../spec/load.ts';
import { profileVersions } from '../spec/versions.ts';

/** Writes the contract of every version as JSON, so that the package parses no YAML. */
export function writeContracts(folder: string): void {
  for (const version of profileVersions()) writeCompiled(join(folder, version), compileSpec(version));
}
