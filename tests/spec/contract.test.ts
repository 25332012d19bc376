import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSpec, type Spec } from '../../spec/index.ts';
import { lintContract } from '../../spec/lint.ts';
import { profileVersions } from '../../spec/versions.ts';
import { freePort } from '../../targets/free-port.ts';

const root = join(import.meta.dirname, '../..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

describe.each(profileVersions())('the contract of %s', (version) => {
  let spec: Spec;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    spec = await loadSpec(version);
    folder = mkdtempSync(join(tmpdir(), 'flowpact-contract-'));
    file = join(folder, 'openapi.json');
    writeFileSync(file, JSON.stringify(spec.document));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('has no problem that our own lint finds', async () => {
    expect(await lintContract([version])).toEqual([]);
  });

  test('has no error that Redocly finds', async () => {
    const { code, output } = await run(bin('redocly'), [
      'lint',
      file,
      '--config',
      join(root, 'spec/redocly.yaml'),
      '--format',
      'summary',
    ]);
    expect(output).not.toMatch(/[1-9]\d* errors?/);
    expect(code, output).toBe(0);
  });

  test('is served unchanged by plain Prism', async () => {
    await using prism = await startPrism(file);
    const response = await fetch(`${prism.url}/api/v1/version`);
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty('version');
  });
});

function run(command: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    execFile(command, args, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: `${stdout}${stderr}` }),
    );
  });
}

async function startPrism(file: string) {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/@stoplight/prism-cli/dist/index.js'), 'mock', '--port', String(port), file],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Prism is listening')) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('close', () => reject(new Error(`Prism ended: ${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        child.once('close', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
