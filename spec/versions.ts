import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the package has the contract of each version, a folder each; the checkout has no such folder. */
export const SHIPPED = join(import.meta.dirname, 'compiled');

/** The versions that have a profile, oldest first. */
export function profileVersions(): string[] {
  const folder = existsSync(SHIPPED) ? SHIPPED : join(import.meta.dirname, 'profiles');
  return readdirSync(folder)
    .map((name) => name.replace(/\.yaml$/, ''))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
