import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The YAML parts of the contract, relative to the spec folder, sorted. */
export function specFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort();
}

/** Names, sizes and times of the parts and of the code that merges them. This module does not load the slow YAML library. */
export function fingerprint(dir: string): string {
  return [...specFiles(dir), ...['compiled.ts', 'json.ts', 'load.ts', 'overlay.ts', 'path-template.ts']]
    .map((name) => {
      const { size, mtimeMs } = statSync(join(dir, name));
      return `${name}:${size}:${mtimeMs}`;
    })
    .join('\n');
}
