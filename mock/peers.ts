import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The optional packages and the releases that are known to work. package.json accepts any release: npm would refuse to
 * install the mock beside another vitest, though the mock does not use vitest.
 */
export const PEERS = { vitest: '5', pactum: '3', testcontainers: '12', pyodide: '0.25.1' } as const;

export type Peer = keyof typeof PEERS;

/** The version of a package that this module would load; undefined if it is not installed. */
function installedVersion(name: string): string | undefined {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version;
    } catch {
      // Try the next folder.
    }
  }
  return undefined;
}

/** One sentence that says what to install; undefined if nothing is missing. */
export function missingPeers(who: string, peers: readonly Peer[]): string | undefined {
  const found = peers.map((name) => ({ name, wanted: PEERS[name], version: installedVersion(name) }));
  const bad = found.filter(({ wanted, version }) => version === undefined || !`${version}.`.startsWith(`${wanted}.`));
  if (bad.length === 0) return undefined;
  const names = bad.map(({ name, wanted, version }) => `${name} ${wanted} (${version ?? 'none'} is installed)`);
  return `${who} needs ${names.join(', ')}: npm install --save-dev ${bad.map(({ name, wanted }) => `${name}@${wanted}`).join(' ')}`;
}
