import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from './fingerprint.ts';
import type { CompiledSpec } from './load.ts';

/** In the checkout: the contract from a file that is named by what it was made of, else compiled from its parts. */
export async function compileOrReuse(version: string): Promise<CompiledSpec> {
  const folder = import.meta.dirname;
  const cache = join(folder, '..', 'node_modules', '.cache', 'flowpact');
  const file = join(cache, `spec-${version}-${createHash('sha1').update(fingerprint(folder)).digest('hex')}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const { compileSpec } = await import('./load.ts');
  const result = compileSpec(version);
  try {
    mkdirSync(cache, { recursive: true });
    // Written aside and renamed: another process never reads half a file.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(result));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A cache that can't be written costs time, nothing else.
  }
  return result;
}
