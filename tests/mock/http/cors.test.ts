import { describe, expect, test } from 'vitest';
import { corsHeaders, preflight } from '../../../mock/http/cors.ts';

const origin = 'https://app.example';

describe('corsHeaders', () => {
  test('allow any origin', () => {
    expect(corsHeaders({ origin })).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
    });
  });

  test('name the origin if a cookie was sent, since browsers refuse * then', () => {
    expect(corsHeaders({ origin, cookie: 'a=1' })).toMatchObject({
      'access-control-allow-origin': origin,
      vary: 'Origin',
    });
  });
});

describe('preflight', () => {
  const asked = { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'x-api-key' };

  test('allows a method that the API has, and the headers that were named', () => {
    expect(preflight('OPTIONS', asked)).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'x-api-key' },
    });
  });

  test('refuses a method that the API does not have', () => {
    expect(preflight('OPTIONS', { ...asked, 'access-control-request-method': 'TRACE' })).toMatchObject({ status: 400 });
  });

  test.each([
    ['GET', asked],
    ['OPTIONS', { origin }],
    ['OPTIONS', { 'access-control-request-method': 'GET' }],
  ])('is undefined for a request that is none: %s %o', (method, headers) => {
    expect(preflight(method, headers)).toBeUndefined();
  });
});
