import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { readCompiled, writeCompiled } from './compiled.ts';
import { fingerprint } from './fingerprint.ts';
import type { CompiledSpec } from './load.ts';

/** In the checkout: the contract from a folder that is named by what it was made of, else compiled from its parts. */
export async function compileOrReuse(version: string): Promise<CompiledSpec> {
  const folder = import.meta.dirname;
  const name = `spec-${version}-${createHash('sha1').update(fingerprint(folder)).digest('hex')}`;
  const cached = join(folder, '..', 'node_modules', '.cache', 'flowpact', name);
  const known = readCompiled(cached);
  if (known) return known;
  const { compileSpec } = await import('./load.ts');
  const result = compileSpec(version);
  try {
    // Written aside and renamed: another process never reads half a contract.
    writeCompiled(`${cached}.${process.pid}`, result);
    renameSync(`${cached}.${process.pid}`, cached);
  } catch {
    // A cache that can't be written costs time, nothing else.
  }
  return result;
}
