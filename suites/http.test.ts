import { type JsonSchema, resolveRef } from '../spec/index.ts';
import { fillPath, METHODS } from '../spec/path-template.ts';
import {
  call,
  callById,
  expect,
  makeCredential,
  malformed,
  raw,
  requirement,
  spec,
  uniqueName,
} from './support/index.ts';
import { emptyForm } from './support/probe.ts';
import { errorSummaries, validationErrors } from './support/validation-errors.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const VARIABLES = '/api/v1/variables/';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const GARBAGE = makeCredential('bearer', 'not-a-token', 'bad bearer');

/** A valid body for a flow; every test puts an error into it. */
const good = () => ({ name: uniqueName('variable'), value: 'x', default_fields: [] });

const bodies = (id = NOBODY) => [
  { method: 'POST', path: VARIABLES },
  { method: 'PATCH', path: `${VARIABLES}${id}` },
];

const jsonBodyOf = (operation: (typeof spec.operations)[number]) => {
  const content = operation.requestBody?.content ?? {};
  return operation.requestBody?.required && content['application/json']
    ? resolveRef<JsonSchema>(spec.document, content['application/json'].schema ?? {})
    : undefined;
};
/**
 * Operations that call a third party check its key before the form of the request (STORE-030).
 */
const ownAlone = (operations: typeof spec.operations) => operations.filter(({ thirdParty }) => !thirdParty);
const secured = spec.operations.filter(
  ({ security, websocket }) => security.length > 0 && !websocket && security.some((one) => 'bearer' in one),
);

requirement('HTTP-001', { readOnly: true }, async () => {
  for (const as of [null, 'alice', GARBAGE] as const) {
    for (const path of ['/no-such-thing', '/api/v1/no-such-thing', '/api/v9/flows/']) {
      const { headers, body } = await raw('GET', path, { as }).expectStatus(404);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(body.detail).toBeTypeOf('string');
    }
  }
});

requirement('HTTP-002', { readOnly: true }, async () => {
  for (const [method, path] of [
    ['PUT', '/health'],
    ['POST', '/api/v1/config'],
    ['PUT', VARIABLES],
    ['PUT', '/api/v1/flows/'],
    ['OPTIONS', '/api/v1/all'],
  ] as const) {
    const { headers, body } = await raw(method, path).expectStatus(405);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body.detail).toBeTypeOf('string');
  }
});

requirement('HTTP-003', { readOnly: true }, async () => {
  for (const path of ['/health', '/health_check', '/api/v1/version', '/api/v1/config', '/api/v1/all']) {
    const { headers } = await raw('DELETE', path).expectStatus(405);
    expect(headers['allow']).toMatch(/\bGET\b/);
  }
});

requirement('HTTP-004', async () => {
  for (const path of ['/health', '/health_check', '/api/v1/version'])
    expect((await raw('HEAD', path).expectStatus(405)).bytes).toHaveLength(0);
});

requirement('HTTP-040', { readOnly: true }, async () => {
  const several = Object.entries(spec.document.paths).filter(
    ([, item]) => METHODS.filter((method) => item[method]).length > 1,
  );
  for (const [path, item] of several) {
    const first = item['x-allow'] ?? METHODS.find((method) => item[method])?.toUpperCase();
    const { headers } = await raw(
      'OPTIONS',
      fillPath(path, () => 'x'),
    ).expectStatus(405);
    expect([path, headers['allow']?.split(', ').sort()]).toEqual([path, first?.split(', ').sort()]);
  }
});

requirement('HTTP-042', { readOnly: true }, async () => {
  for (const [path, type] of [
    ['/openapi.json', /^application\/json/],
    ['/docs', /^text\/html/],
    ['/redoc', /^text\/html/],
  ] as const) {
    expect((await raw('GET', path).expectStatus(200)).headers['content-type']).toMatch(type);
    expect((await raw('HEAD', path).expectStatus(200)).bytes).toHaveLength(0);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) await raw(method, path).expectStatus(405);
  }
});

requirement('HTTP-005', { readOnly: true }, async () => {
  for (const { method, path } of bodies()) {
    for (const [text, at] of [
      ['{bad', 1],
      ['{"a":1,}', 7],
      ['[1,2', 4],
      ['nul', 0],
    ] as const) {
      const { body } = await raw(method, path, { as: 'alice', headers: JSON_TYPE, rawBody: text }).expectStatus(422);
      expect(errorSummaries(body)).toEqual([`json_invalid body.${at}`]);
      expect(validationErrors(body)[0]?.ctx?.['error']).toBeTypeOf('string');
    }
  }
});

requirement('HTTP-006', { readOnly: true }, async () => {
  for (const { method, path } of bodies()) {
    const { body } = await raw(method, path, { as: null, headers: JSON_TYPE, rawBody: '{bad' }).expectStatus(422);
    expect(errorSummaries(body)).toEqual(['json_invalid body.1']);
  }
});

requirement('HTTP-007', { readOnly: true }, async () => {
  for (const { method, path } of bodies()) {
    for (const type of ['text/plain', 'application/xml']) {
      const { body } = await raw(method, path, {
        as: 'alice',
        headers: { 'content-type': type },
        rawBody: JSON.stringify(good()),
      }).expectStatus(422);
      expect(errorSummaries(body)).toEqual(['model_attributes_type body']);
    }
  }
});

requirement('HTTP-008', { readOnly: true }, async () => {
  // Parsed as JSON, the body has only its name.
  for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.example+json']) {
    const { body } = await raw('POST', VARIABLES, {
      as: 'alice',
      headers: { 'content-type': type },
      rawBody: '{"name":"x"}',
    }).expectStatus(422);
    expect(errorSummaries(body)).toEqual(['missing body.value', 'missing body.default_fields']);
  }
});

requirement('HTTP-009', { readOnly: true }, async () => {
  const { body } = await raw('POST', VARIABLES, { as: 'alice', rawBody: '{"name":"x"}' }).expectStatus(422);
  expect(errorSummaries(body)).toEqual(['missing body.value', 'missing body.default_fields']);
});

requirement('HTTP-028', { readOnly: true }, async () => {
  const { body } = await raw('POST', VARIABLES, { as: 'alice', rawBody: '{"name":"x"}' }).expectStatus(422);
  expect(errorSummaries(body)).toEqual(['model_attributes_type body']);
});

const needing = ownAlone(secured).filter(
  (operation) => !operation.path.includes('{') && (jsonBodyOf(operation)?.required?.length ?? 0) > 0,
);

requirement.each(
  'HTTP-011',
  needing.map((operation) => ({ name: operation.operationId, operationId: operation.operationId, operation })),
  async ({ operation }) => {
    const { body } = await callById(operation.operationId, { body: {}, as: 'admin', valid: false }).expectStatus(422);
    expect(errorSummaries(body).sort()).toEqual(
      (jsonBodyOf(operation)?.required ?? []).map((name) => `missing body.${name}`).sort(),
    );
  },
  { readOnly: true },
);

const withUuid = ownAlone(secured).flatMap((operation) =>
  operation.parameters
    .filter((one) => one.in === 'path' && one.schema?.['format'] === 'uuid')
    .map((parameter) => ({ operation, parameter })),
);

requirement.each(
  'HTTP-012',
  withUuid.map(({ operation, parameter }) => ({
    name: `${operation.operationId} ${parameter.name}`,
    operationId: operation.operationId,
    operation,
    parameter,
  })),
  async ({ operation, parameter }) => {
    const path = Object.fromEntries(
      operation.parameters.filter((one) => one.in === 'path').map(({ name }) => [name, NOBODY]),
    );
    const options = {
      path: { ...path, [parameter.name]: 'no-uuid' },
      ...emptyForm(operation),
      as: 'admin',
      valid: false,
    } as const;
    const { body } = await callById(operation.operationId, options).expectStatus(422);
    expect(errorSummaries(body)).toContain(`uuid_parsing path.${parameter.name}`);
  },
  { readOnly: true },
);

/** Type or format of an optional parameter. */
const kindOf = ({ schema }: (typeof spec.operations)[number]['parameters'][number]): string | undefined =>
  [schema, ...(schema['anyOf'] ?? [])].flatMap((one) => one.format ?? one.type).find((kind) => kind && kind !== 'null');
const withQuery = (...kinds: string[]) =>
  secured
    .filter(({ method, path }) => method === 'GET' && !path.includes('{'))
    .flatMap((operation) =>
      operation.parameters
        .filter((one) => one.in === 'query' && kinds.includes(kindOf(one) ?? ''))
        .map(({ name }) => ({
          name: `${operation.operationId} ${name}`,
          operationId: operation.operationId,
          parameter: name,
        })),
    );
const refusedQuery = async ({ operationId, parameter }: { operationId: string; parameter: string }) => {
  const { body } = await callById(operationId, {
    query: { [parameter]: 'neither' },
    as: 'admin',
    valid: false,
  }).expectStatus(422);
  expect(validationErrors(body).map(({ loc }) => loc.join('.'))).toContain(`query.${parameter}`);
};

requirement.each('HTTP-013', withQuery('integer', 'boolean'), refusedQuery, { readOnly: true });

requirement.each('HTTP-090', withQuery('uuid'), refusedQuery, { readOnly: true });

requirement('HTTP-014', { readOnly: true }, async () => {
  const { body } = await call('createVariable', {
    body: malformed({ name: 1, value: ['x'], default_fields: 'x' }),
    valid: false,
  }).expectStatus(422);
  expect(errorSummaries(body)).toEqual([
    'string_type body.name',
    'string_type body.value',
    'list_type body.default_fields',
  ]);
  expect(validationErrors(body).map(({ input }) => input)).toEqual([1, ['x'], 'x']);
  for (const { msg } of body.detail) expect(msg).toBeTypeOf('string');
});

requirement('HTTP-015', { readOnly: true }, async () => {
  const { status } = await call('listVariables', { as: null });
  expect([401, 403]).toContain(status);
  await call('createVariable', { as: null, body: malformed({}), valid: false }).expectStatus(status);
  await call('updateVariable', {
    as: null,
    path: { variable_id: 'no-uuid' },
    body: malformed({}),
    valid: false,
  }).expectStatus(status);
  await call('deleteVariable', { as: null, path: { variable_id: 'no-uuid' }, valid: false }).expectStatus(status);
});

requirement('HTTP-016', { readOnly: true }, async () => {
  for (const operationId of ['readHealth', 'readVersion', 'listVariables']) {
    await callById(operationId, { query: { no_such_parameter: '1', another: 'x' }, valid: false }).expectStatus(200);
  }
});

requirement('HTTP-017', { readOnly: true }, async () => {
  // One field is unknown and two are missing: the unknown one is no error.
  const { body } = await call('createVariable', {
    body: malformed({ name: 'x', no_such_property: 1 }),
    valid: false,
  }).expectStatus(422);
  expect(errorSummaries(body)).toEqual(['missing body.value', 'missing body.default_fields']);
});

const SLASHED = [
  '/health/',
  '/api/v1/version/',
  '/api/v1/config/',
  '/api/v1/variables',
  '/api/v1/flows',
  '/api/v1/projects',
  '/api/v1/users',
];

requirement('HTTP-018', { readOnly: true }, async () => {
  for (const path of SLASHED) {
    const { headers } = await raw('GET', `${path}?a=1`).expectStatus(307);
    const { pathname, search } = new URL(headers['location'] ?? '', 'http://none');
    expect(pathname + search).toBe(`${path.endsWith('/') ? path.slice(0, -1) : `${path}/`}?a=1`);
  }
});

requirement('HTTP-133', { readOnly: true }, async () => {
  const { headers } = await raw('GET', '/api/v2/mcp/servers/?a=1', { as: 'alice' }).expectStatus(307);
  const { pathname, search } = new URL(headers['location'] ?? '', 'http://none');
  expect(pathname + search).toBe('/api/v2/mcp/servers?a=1');
  await raw('PATCH', '/api/v1/projects/', { as: 'alice', body: {} }).expectStatus(405);
  await raw('DELETE', '/api/v1/variables/', { as: 'alice' }).expectStatus(405);
  await raw('POST', '/api/v1/build//flow', { as: 'alice', body: {} }).expectStatus(404);
  await raw('GET', '/api/v1/flows/public_flow/').expectStatus(307);
});

requirement('HTTP-019', { readOnly: true }, async () => {
  const { headers } = await raw('POST', '/api/v1/variables', { as: 'alice', body: {} }).expectStatus(307);
  const { pathname } = new URL(headers['location'] ?? '', 'http://none');
  const { body } = await raw('POST', pathname, { as: 'alice', body: {} }).expectStatus(422);
  expect(errorSummaries(body)).toEqual(['missing body.name', 'missing body.value', 'missing body.default_fields']);
});

requirement('HTTP-024', { readOnly: true }, async () => {
  const rawBody = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
  await raw('POST', VARIABLES, { as: 'alice', headers: JSON_TYPE, rawBody }).expectStatus(400);
});

requirement('HTTP-025', { readOnly: true }, async () => {
  for (const path of ['/HEALTH', '/api/V1/version', '/api//v1/version']) await raw('GET', path).expectStatus(404);
});

requirement('HTTP-026', { readOnly: true }, async () => {
  for (const operationId of ['readVersion', 'listVariables']) {
    const { headers } = await callById(operationId, { headers: { accept: 'text/html' } }).expectStatus(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
  }
});

requirement('HTTP-027', { readOnly: true }, async () => {
  const { body } = await call('createVariable', {
    body: malformed({ name: 1, value: 'x' }),
    valid: false,
  }).expectStatus(422);
  expect(body.detail.map(({ msg }: { msg: string }) => msg)).toEqual([
    'Input should be a valid string',
    'Field required',
  ]);
});
