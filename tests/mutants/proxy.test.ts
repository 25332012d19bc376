import { expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';
import { notKept, queryIgnored, status } from './faults.ts';
import type { Fault, Mutant } from './mutant.ts';
import { startProxy } from './proxy.ts';

const mutant = (id: string, operationId: string, fault: Fault): Mutant => ({
  id,
  kind: id,
  operationId,
  fault,
  requirements: [],
  killedBy: 'test',
});

test('the proxy applies a fault to the requests of its operation that name it, and counts them', async () => {
  await using mock = await startMock({ port: 0 });
  await using proxy = await startProxy(
    mock,
    {},
    (_method, path) => ({ '/api/v1/version': 'readVersion', '/api/v1/login': 'login' })[path],
  );
  proxy.serve([
    mutant('wrong status', 'readVersion', status(203)),
    mutant('nothing to ignore', 'readVersion', queryIgnored('page')),
  ]);
  const asked = async (fault?: string, path = '/api/v1/version') =>
    (await fetch(proxy.url + path, { headers: fault ? { 'x-flowpact-fault': fault } : {} })).status;
  expect([
    await asked(),
    await asked('wrong status'),
    await asked('nothing to ignore'),
    await asked('wrong status', '/health'),
  ]).toEqual([200, 203, 200, 200]);
  expect([...proxy.applied]).toEqual([['wrong status', 1]]);
});

test('a write that is undone is answered and leaves nothing', async () => {
  await using mock = await startMock({ port: 0 });
  await using proxy = await startProxy(mock, {}, () => 'createUser');
  proxy.serve([mutant('not kept', 'createUser', notKept)]);
  const login = await fetch(`${mock.url}/api/v1/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'langflow', password: 'langflow' }),
  });
  const { access_token } = (await login.json()) as { access_token: string };
  const create = (headers: Record<string, string>) =>
    fetch(`${proxy.url}/api/v1/users/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}`, ...headers },
      body: JSON.stringify({ username: 'ada', password: 'a-password' }),
    });
  expect((await create({ 'x-flowpact-fault': 'not kept' })).status).toBe(201);
  expect(mock.snapshot().users.map(({ username }) => username)).not.toContain('ada');
  expect((await create({})).status).toBe(201);
  expect(mock.snapshot().users.map(({ username }) => username)).toContain('ada');
});
