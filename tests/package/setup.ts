import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import packageJson from '../../package.json' with { type: 'json' };

/** Folders with what a user has installed. */
export interface Installation {
  tarball: string;
  /** The package alone. */
  alone: string;
  /** With the optional packages that `certify` needs, in the versions that this checkout is tested with. */
  complete: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    installed: Installation;
  }
}

const root = join(import.meta.dirname, '..', '..');

export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-package-'));
  // Its script `prepack` builds.
  execFileSync('npm', ['pack', '--pack-destination', folder, '--silent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) as string);
  const dev: Record<string, string> = packageJson.devDependencies;
  const peers = ['vitest', 'pactum', 'pyodide'].map((name) => `${name}@${dev[name]}`);
  const alone = install(join(folder, 'alone'), tarball);
  const complete = install(join(folder, 'complete'), tarball, ...peers);
  provide('installed', { tarball, alone, complete });
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A user's project with these packages. */
function install(folder: string, ...packages: string[]): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'a-user', private: true, type: 'module' }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', ...packages], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return folder;
}
