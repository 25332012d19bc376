import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { COMMAND, installed, run, startMock } from './installed.ts';

/** The oldest and the newest of each line that `engines` names. */
const RELEASES = ['22.13.0', '22', '24.0.0', '24', '26.0.0', '26'];

it('tries each line of Node that the package names', () => {
  const lines = [...packageJson.engines.node.matchAll(/(\d+)\.\d+\.\d+/g)].map(([version]) => version);
  for (const oldest of lines) expect(RELEASES).toContain(oldest);
  expect(new Set(RELEASES.map(lineOf))).toEqual(new Set(lines.map(lineOf)));
});

const lineOf = (version: string): number => Number.parseInt(version, 10);

describe.each(RELEASES)('Node %s', (release) => {
  const node = nodeOf(release);

  it('serves the mock, and keeps its state in a file', async () => {
    const args = [COMMAND, 'mock', '--port', '0', '--auto-login', '--db', `state-${release}.db`];
    const headers = { 'content-type': 'application/json' };
    {
      await using mock = await startMock(installed.complete, node, args);
      const created = await fetch(`${mock.url}/api/v1/flows/`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ name: 'Kept' }),
      });
      expect(created.status).toBe(201);
      expect(mock.stderr()).not.toMatch(/error/i);
    }
    await using mock = await startMock(installed.complete, node, args);
    const flows = (await (await fetch(`${mock.url}/api/v1/flows/?get_all=true`)).json()) as { name: string }[];
    expect(flows.map(({ name }) => name)).toContain('Kept');
  });

  it('certifies', () => {
    const { status, stderr } = run(installed.complete, node, [
      COMMAND,
      'certify',
      '--only',
      'login,validate',
      '--out',
      `report-${release}`,
    ]);
    expect(stderr).toContain('\nCONFORMANT: ');
    expect(status).toBe(0);
  });
});

/** Node's own binary of a release, from the package that holds it for this platform. */
function nodeOf(release: string): string {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(installed.complete, '..', `node-${release}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', `${name}@${release}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
