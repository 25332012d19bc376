import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMAND, filesOf, installed, run, startMock } from './installed.ts';

const modules = join(installed.alone, 'node_modules');
const MOST_PACKAGES = 40;
const MOST_BYTES = 25e6;

it('adds few packages and few bytes', () => {
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
  expect(Object.keys(packages).length).toBeLessThanOrEqual(MOST_PACKAGES);
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' });
  expect(files.reduce((sum, name) => sum + lstatSync(join(modules, name)).size, 0)).toBeLessThanOrEqual(MOST_BYTES);
});

it('starts, answers and writes nothing into its own folder', async () => {
  const before = filesOf(modules);
  await using mock = await startMock(installed.alone, process.execPath, [
    COMMAND,
    'mock',
    '--port',
    '0',
    '--check-responses',
  ]);
  const body = new URLSearchParams({ username: 'langflow', password: 'langflow' });
  const login = await fetch(`${mock.url}/api/v1/login`, { method: 'POST', body });
  expect(login.status).toBe(200);
  const { access_token } = (await login.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  for (const path of ['/api/v1/all', '/api/v1/starter-projects/', '/api/v1/users/whoami'])
    expect((await fetch(mock.url + path, { headers })).status, path).toBe(200);
  const generated = await fetch(`${mock.url}/api/v1/version`, { headers: { prefer: 'dynamic=true' } });
  expect(generated.status).toBe(200);
  expect(mock.stderr()).toBe('');
  expect(filesOf(modules)).toEqual(before);
});

it('says what is missing where Python would be needed, and goes on', async () => {
  await using mock = await startMock(installed.alone, process.execPath, [
    COMMAND,
    'mock',
    '--port',
    '0',
    '--auto-login',
  ]);
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: 'x = 1' }),
  };
  const sentence =
    'To check or read Python code the mock needs pyodide 0.25.1 (none is installed): npm install --save-dev pyodide@0.25.1';
  for (const path of ['/api/v1/validate/code', '/api/v1/custom_component']) {
    const response = await fetch(mock.url + path, request);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: sentence });
  }
  expect(mock.stderr()).toBe(`flowpact: ${sentence}\n`);
  expect((await fetch(`${mock.url}/health_check`)).status).toBe(200);
});

it.each(['spec lint', 'spec coverage', 'spec bundle', 'spec requirements', '--help'])('runs %s', (command) => {
  const { status, stdout, stderr } = run(installed.alone, process.execPath, [COMMAND, ...command.split(' ')]);
  expect(stderr).toBe('');
  expect(stdout).not.toBe('');
  expect(status).toBe(0);
});

it('serves the files of a web UI, and logs', async () => {
  const folder = join(installed.alone, 'ui');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>A page</title>');
  await using mock = await startMock(installed.alone, process.execPath, [
    COMMAND,
    'mock',
    '--port',
    '0',
    '--ui',
    folder,
    '--log',
  ]);
  expect(await (await fetch(`${mock.url}/flows`)).text()).toContain('A page');
});

it('exports what its documentation shows', () => {
  const program = `
    import packageJson from 'flowpact/package.json' with { type: 'json' };
    import { startMock } from 'flowpact/mock';
    import { loadSpec } from 'flowpact/spec';
    const mock = await startMock({ port: 0 });
    const { status } = await fetch(mock.url + '/health');
    const snapshot = mock.snapshot();
    mock.restore(snapshot);
    mock.reset();
    await mock.close();
    const versions = [];
    for (const version of ['1.7', '1.8']) versions.push((await loadSpec(version)).version);
    const unknown = await loadSpec('9.9').catch((error) => error.message);
    console.log(JSON.stringify({ name: packageJson.name, status, users: snapshot.users.length, versions, unknown }));`;
  const { stdout, stderr } = run(installed.alone, process.execPath, ['--input-type=module', '--eval', program]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    name: 'flowpact',
    status: 200,
    users: 1,
    versions: ['1.7', '1.8'],
    unknown: 'There is no profile for Langflow 9.9; there is one for 1.7, 1.8',
  });
});

it.each([
  ['without the types of Node', []],
  ['with the types of Node', ['node']],
])('compiles in a strict project %s', (name, types) => {
  const folder = join(installed.alone, `consumer ${name}`);
  mkdirSync(folder);
  if (types.length > 0) linkNodeTypes();
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
  };
  const compilerOptions = {
    ...strict,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'esnext.disposable'],
    noEmit: true,
    types,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  writeFileSync(
    join(folder, 'consumer.ts'),
    `import { type MockOptions, type RunningMock, startMock } from 'flowpact/mock';
    import { loadSpec, type Spec } from 'flowpact/spec';
    const options: MockOptions = { port: 0, autoLogin: true };
    await using mock: RunningMock = await startMock(options);
    const names: string[] = mock.snapshot().users.map((user) => user.username);
    mock.restore({ users: [] });
    const spec: Spec = await loadSpec();
    export const found: string[] = [...names, ...spec.operations.map((operation) => operation.operationId)];
    // @ts-expect-error There is no such option.
    export const wrong: MockOptions = { prot: 0 };
    `,
  );
  const tsc = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'tsc');
  const { status, stdout } = run(folder, tsc, ['-p', '.']);
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

/** @types/node of this checkout, as if the user had installed it. */
function linkNodeTypes(): void {
  const own = join(import.meta.dirname, '..', '..', 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  cpSync(join(own, '@types', 'node'), join(modules, '@types', 'node'), { recursive: true });
  symlinkSync(join(own, 'undici-types'), join(modules, 'undici-types'));
}

it.each(['SIGTERM', 'SIGKILL'] as const)('ends with npx when that gets %s', async (signal) => {
  const mock = await startMock(installed.alone, 'npx', ['flowpact', 'mock', '--port', '0']);
  mock.child.kill(signal);
  await expect
    .poll(
      () =>
        fetch(`${mock.url}/health`).then(
          () => 'answers',
          () => 'is gone',
        ),
      { timeout: 10_000 },
    )
    .toBe('is gone');
});
