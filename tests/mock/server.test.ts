import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningMock, startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

async function createFlow(mock: RunningMock, name: string): Promise<string> {
  const headers = { authorization: await logIn(mock.url), 'content-type': 'application/json' };
  const response = await fetch(`${mock.url}/api/v1/flows/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name, data: { nodes: [], edges: [] } }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

async function flowNames(mock: RunningMock): Promise<string[]> {
  const response = await fetch(`${mock.url}/api/v1/flows/?get_all=true&remove_example_flows=true`, {
    headers: { authorization: await logIn(mock.url) },
  });
  return ((await response.json()) as { name: string }[]).map(({ name }) => name);
}

describe('a mock', () => {
  test('shares no state with another mock in the same process, and can be reset', async () => {
    await using one = await startMock({ port: 0 });
    await using two = await startMock({ port: 0 });
    await createFlow(one, 'mine');
    expect(await flowNames(one)).toContain('mine');
    expect(await flowNames(two)).not.toContain('mine');
    const foreign = await fetch(`${two.url}/api/v1/users/whoami`, { headers: { authorization: await logIn(one.url) } });
    expect(foreign.status).toBe(401);
    await one.reset();
    expect(await flowNames(one)).not.toContain('mine');
  });

  test('keeps its state in a database file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flowpact-db-'));
    try {
      const db = join(folder, 'state.db');
      {
        await using mock = await startMock({ port: 0, db });
        await createFlow(mock, 'kept');
      }
      await using again = await startMock({ port: 0, db });
      expect(await flowNames(again)).toContain('kept');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('creates the same ids and times with the same seed', async () => {
    const idOf = async () => {
      await using mock = await startMock({ port: 0, deterministic: 'seed' });
      return await createFlow(mock, 'seeded');
    };
    expect(await idOf()).toBe(await idOf());
  });

  test('says what to do when its port is in use', async () => {
    await using mock = await startMock({ port: 0 });
    await expect(startMock({ port: Number(new URL(mock.url).port) })).rejects.toThrow(/is in use.*--port/);
  });

  test('refuses a version without a profile', async () => {
    await expect(startMock({ port: 0, version: '0.1' })).rejects.toThrow(/There is no profile for Langflow 0\.1/);
  });
});

describe('Prism behind the mock', () => {
  let mock: RunningMock;
  beforeAll(async () => {
    mock = await startMock({ port: 0, checkResponses: true });
  });
  afterAll(() => mock.close());

  const version = (prefer: string) => fetch(`${mock.url}/api/v1/auto_login`, { headers: { prefer } });

  test('returns the status that Prefer names', async () => {
    expect((await version('code=400')).status).toBe(400);
  });

  test('generates a response for Prefer: dynamic=true', async () => {
    const response = await version('code=200, dynamic=true');
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty('access_token', expect.any(String));
  });

  test('generates no header about the encoding of the body', async () => {
    const headers = { prefer: 'code=200, dynamic=true', authorization: await logIn(mock.url) };
    const response = await fetch(`${mock.url}/api/v1/all`, { headers });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, null]);
    expect(await response.json()).toEqual(expect.any(Object));
  });

  test('reports when Prefer names what the contract does not have', async () => {
    expect((await version('code=418')).status).toBe(404);
  });

  test('checks the responses of handlers', async () => {
    expect(await flowNames(mock)).toEqual(expect.any(Array));
  });
});

test('the web UI is served next to the API, and its page instead of every 404, as on a real deployment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-ui-'));
  try {
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>UI</title>');
    writeFileSync(join(folder, 'app.js'), 'run()');
    await using mock = await startMock({ port: 0, ui: folder });
    const get = async (path: string) => {
      const response = await fetch(mock.url + path, { headers: { authorization: await logIn(mock.url) } });
      return [response.status, response.headers.get('content-type')?.split(';')[0], await response.text()];
    };
    const page = [200, 'text/html', '<!doctype html><title>UI</title>'];
    expect(await get('/')).toEqual(page);
    expect(await get('/flow/anything')).toEqual(page);
    expect(await get('/app.js')).toEqual([200, 'text/javascript', 'run()']);
    expect(await get('/..%2fpackage.json')).toEqual(page);
    expect(await get('/api/v1/flows/00000000-0000-4000-8000-000000000000')).toEqual(page);
    expect((await get('/api/v1/version'))[1]).toBe('application/json');
    await expect(startMock({ port: 0, ui: join(folder, 'nowhere') })).rejects.toThrow('holds no web UI');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
