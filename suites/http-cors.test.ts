/** Requests of pages from other origins, as browsers send them. */
import { fillPath } from '../spec/path-template.ts';
import { call, expect, raw, requirement, spec } from './support/index.ts';

const ORIGIN = 'http://app.example.org';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const fromPage = (more: Record<string, string> = {}) => ({ origin: ORIGIN, ...more });

requirement('HTTP-020', { readOnly: true }, async () => {
  for (const { headers } of [
    await call('readVersion', { headers: fromPage() }).expectStatus(200),
    await call('listVariables', { headers: fromPage() }).expectStatus(200),
    await call('listVariables', { as: null, headers: fromPage() }),
    await raw('GET', '/no-such-thing', { headers: fromPage() }).expectStatus(404),
  ]) {
    expect([ORIGIN, '*']).toContain(headers['access-control-allow-origin']);
  }
});

/** Paths that are refused for their form, whatever the method (FILES-018). */
const withoutPreflight = (spec.facts['withoutPreflight'] ?? []) as string[];

requirement.each(
  'HTTP-021',
  spec.operations
    .filter(({ websocket, operationId }) => !websocket && !withoutPreflight.includes(operationId))
    .map((operation) => ({ name: operation.operationId, operationId: operation.operationId, operation })),
  async ({ operation }) => {
    const headers = fromPage({
      'access-control-request-method': operation.method,
      'access-control-request-headers': 'authorization, x-api-key',
    });
    const response = await raw(
      'OPTIONS',
      fillPath(operation.path, () => NOBODY),
      { headers },
    ).expectStatus(200);
    expect([ORIGIN, '*']).toContain(response.headers['access-control-allow-origin']);
    expect(response.headers['access-control-allow-methods']).toMatch(new RegExp(`\\b${operation.method}\\b|\\*`));
    for (const name of ['authorization', 'x-api-key'])
      expect(response.headers['access-control-allow-headers']?.toLowerCase()).toContain(name);
  },
  { readOnly: true },
);

requirement('HTTP-022', { readOnly: true }, async () => {
  await raw('OPTIONS', '/api/v1/version', {
    headers: fromPage({ 'access-control-request-method': 'NONE' }),
  }).expectStatus(400);
});

requirement('HTTP-023', { readOnly: true }, async () => {
  const { headers } = await call('readVersion', { headers: fromPage({ cookie: 'a=b' }) }).expectStatus(200);
  expect(headers['access-control-allow-origin']).toBe(ORIGIN);
  expect(headers['vary']).toMatch(/origin/i);
});
