import { call, expect, given, people, raw, requirement, tokenOf, uniqueName } from './support/index.ts';
import { errorSummaries, validationErrors } from './support/validation-errors.ts';
import { requestText, type WireResponse, wire } from './support/wire.ts';

const VARIABLES = '/api/v1/variables/';
const JSON_TYPE = 'Content-Type: application/json';
/** A body that can be parsed and lacks two fields. */
const LACKING = '{"name":"x"}';
const MISSING = ['missing body.value', 'missing body.default_fields'];

const bearer = async () => `Authorization: Bearer ${await tokenOf(people.alice)}`;
const post = async (body: string, ...lines: string[]) =>
  requestText(
    'POST',
    VARIABLES,
    [await bearer(), JSON_TYPE, `Content-Length: ${Buffer.byteLength(body)}`, ...lines],
    body,
  );

const bodyOf = ({ text }: WireResponse): unknown => JSON.parse(text);

function expectMissing(responses: WireResponse[]): void {
  for (const response of responses) {
    expect(response.status).toBe(422);
    expect(errorSummaries(bodyOf(response))).toEqual(MISSING);
  }
}

/** The validation errors of a JSON body that is refused. */
const refusal = async (rawBody: string, headers: Record<string, string> = {}) =>
  (
    await raw('POST', VARIABLES, {
      as: 'alice',
      headers: { 'content-type': 'application/json', ...headers },
      rawBody,
    }).expectStatus(422)
  ).body;

const readOnly = { readOnly: true };

requirement('HTTP-100', readOnly, async () => {
  const head = requestText('POST', VARIABLES, [await bearer(), JSON_TYPE, 'Transfer-Encoding: chunked']);
  for (const chunks of [
    [`${LACKING.length.toString(16)}\r\n${LACKING}\r\n0\r\n\r\n`],
    [...[...LACKING].map((one) => `1\r\n${one}\r\n`), '0\r\n\r\n'],
    [`c;name=value\r\n${LACKING}\r\n`, '0\r\nX-Trailer: 1\r\n\r\n'],
  ]) {
    expectMissing((await wire([head, ...chunks])).responses);
  }
});

requirement('HTTP-101', readOnly, async () => {
  const text = await post(LACKING);
  const at = text.indexOf('\r\n\r\n') + 4;
  expectMissing(
    (
      await wire([
        text.slice(0, 9),
        text.slice(9, at - 3),
        text.slice(at - 3, at),
        text.slice(at, at + 5),
        text.slice(at + 5),
      ])
    ).responses,
  );
});

requirement('HTTP-102', readOnly, async () => {
  const { responses } = await wire(
    requestText('GET', '/health') +
      requestText('GET', '/api/v1/version') +
      requestText('GET', '/api/v1/config') +
      requestText('GET', '/health'),
    {
      responses: 4,
    },
  );
  const { body } = await call('readVersion').expectStatus(200);
  expect(responses.map(({ status }) => status)).toEqual([
    200,
    200,
    (await call('readConfig', { as: null })).status,
    200,
  ]);
  expect(bodyOf(responses[0] as WireResponse)).toEqual({ status: 'ok' });
  expect(bodyOf(responses[1] as WireResponse)).toEqual(body);
});

requirement('HTTP-103', readOnly, async () => {
  const health = requestText('GET', '/health');
  expect(await wire([health, health, health], { responses: 3 })).toMatchObject({
    closed: false,
    responses: [{ status: 200 }, { status: 200 }, { status: 200 }],
  });
  expect(
    (await wire(requestText('GET', '/health', ['Connection: close']), { untilClosed: true })).responses,
  ).toMatchObject([{ status: 200 }]);
  expect((await wire(requestText('GET', '/health', [], '', '1.0'), { untilClosed: true })).responses).toMatchObject([
    { status: 200 },
  ]);
});

requirement('HTTP-104', readOnly, async () => {
  const text = await post(LACKING, 'Expect: 100-continue');
  const at = text.indexOf('\r\n\r\n') + 4;
  const { interim, responses } = await wire([text.slice(0, at), text.slice(at)], { untilContinue: true });
  expect(interim).toEqual([100]);
  expectMissing(responses);
  expectMissing((await wire(await post(LACKING, 'Expect: something-else'))).responses);
});

requirement('HTTP-105', readOnly, async () => {
  for (const text of [
    'nothing\r\n\r\n',
    'FOO /health HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /hea lth HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /health HTTP/1.1\r\nno-colon\r\n\r\n',
  ]) {
    expect(
      (await wire(text, { untilClosed: true })).responses.map(({ status }) => status),
      text,
    ).toEqual([400]);
  }
});

requirement('HTTP-106', readOnly, async () => {
  for (const lines of [
    ['Content-Length: 2', 'Content-Length: 3'],
    ['Content-Length: 2', 'Transfer-Encoding: chunked'],
    ['Content-Length: -2'],
    ['Content-Length: two'],
  ]) {
    const text = requestText('POST', VARIABLES, [await bearer(), JSON_TYPE, ...lines], '{}');
    expect(
      (await wire(text, { untilClosed: true })).responses.map(({ status }) => status),
      lines.join(),
    ).toEqual([400]);
  }
});

requirement('HTTP-107', readOnly, async () => {
  const { responses } = await wire(
    requestText('GET', '/health', ['Content-Length: 3'], 'abc') + requestText('GET', '/api/v1/version'),
    { responses: 2 },
  );
  expect(responses.map(({ status }) => status)).toEqual([200, 200]);
  expect(bodyOf(responses[1] as WireResponse)).toHaveProperty('version');
});

const statusOf = async (target: string, method = 'GET') =>
  (await wire(requestText(method, target))).responses[0]?.status;

requirement('HTTP-108', readOnly, async () => {
  for (const target of ['/%68ealth', '/health?', '/health#part', '/api/v1/%76ersion'])
    expect(await statusOf(target), target).toBe(200);
  for (const target of ['/./health', '/api/../health', '/health;x', '//health'])
    expect(await statusOf(target), target).toBe(404);
});

requirement('HTTP-109', readOnly, async () => {
  for (const target of ['/api%2Fv1%2fversion', '/api/v1%2Fversion']) expect(await statusOf(target), target).toBe(200);
});

requirement('HTTP-110', readOnly, async () => {
  for (const target of ['/%ff', '/%C3%A9', '/health%00', '/%E2%82']) {
    const { responses } = await wire(requestText('GET', target));
    expect(responses[0]?.status, target).toBe(404);
    expect(bodyOf(responses[0] as WireResponse)).toEqual({ detail: expect.any(String) });
  }
});

requirement('HTTP-111', readOnly, async () => {
  const long = 'a'.repeat(20 * 1024);
  const many = Array.from({ length: 300 }, (_, index) => `X-Header-${index}: value`);
  const health = [
    requestText('GET', `/health?${long}`),
    requestText('GET', '/health', [`X-Long: ${long}`]),
    requestText('GET', '/health', many),
  ];
  for (const text of health) expect((await wire(text)).responses).toMatchObject([{ status: 200 }]);
});

requirement('HTTP-112', readOnly, async () => {
  const { headers } = await raw('GET', '/health//?a=1').expectStatus(307);
  expect(new URL(headers['location'] ?? '', 'http://none').pathname).toBe('/health');
});

/** The flows of a page, for an unchanged query string. */
async function page(query: string): Promise<{ status: number; body: unknown }> {
  const target = `/api/v1/flows/?get_all=false&header_flows=true&${query}`;
  const [response] = (await wire(requestText('GET', target, [await bearer(), 'Accept-Encoding: identity']))).responses;
  return { status: response?.status ?? 0, body: response ? bodyOf(response) : undefined };
}

requirement('HTTP-113', readOnly, async () => {
  for (const query of ['size=1&size=2', 'size=1,2', 'size=x&size=2'])
    expect(await page(query), query).toMatchObject({ status: 200, body: { size: 2 } });
  for (const query of ['size=1&size=x', 'size=1,x']) {
    const { status, body } = await page(query);
    expect(status).toBe(422);
    expect(errorSummaries(body)).toEqual(['int_parsing query.size']);
  }
});

requirement('HTTP-114', readOnly, async () => {
  for (const size of ['5', '%2B5', '0005', '%205', '5.0'])
    expect(await page(`size=${size}`), size).toMatchObject({ status: 200, body: { size: 5 } });
  for (const size of ['', '1e1', '5.5', '1%00', '%D9%A3', '0x5', '1;page=2']) {
    const { status, body } = await page(`size=${size}`);
    expect(status, size).toBe(422);
    expect(validationErrors(body)[0]?.loc).toEqual(['query', 'size']);
  }
});

const PREFLIGHT = { origin: 'http://app.example.org', 'access-control-request-method': 'POST' };

requirement('HTTP-115', readOnly, async () => {
  for (const path of ['/no-such-thing', '/api/v1/version']) {
    const { headers } = await raw('OPTIONS', path, { headers: PREFLIGHT }).expectStatus(200);
    expect(headers['access-control-allow-methods']).toContain('POST');
    await raw('OPTIONS', path, { headers: { ...PREFLIGHT, 'access-control-request-method': 'post' } }).expectStatus(
      400,
    );
  }
});

requirement('HTTP-116', readOnly, async () => {
  for (const [path, status] of [
    ['/api/v1/version', 405],
    [VARIABLES, 405],
    ['/no-such-thing', 404],
  ] as const) {
    for (const method of ['OPTIONS', 'TRACE', 'PROPFIND'])
      expect(await statusOf(path, method), `${method} ${path}`).toBe(status);
  }
  await raw('OPTIONS', VARIABLES, { headers: { 'access-control-request-method': 'POST' } }).expectStatus(405);
});

requirement('HTTP-120', readOnly, async () => {
  const body = await refusal('{"name":1,"value":"x","name":2,"default_fields":[]}');
  expect(validationErrors(body).map(({ loc, input }) => [loc.join('.'), input])).toEqual([['body.name', 2]]);
  expect(errorSummaries(await refusal('{"name":1,"name":"x"}'))).toEqual(MISSING);
});

requirement('HTTP-121', readOnly, async () => {
  for (const text of [`\ufeff${LACKING}`, `  \r\n\t${LACKING}\n `])
    expect(errorSummaries(await refusal(text))).toEqual(MISSING);
  for (const [text, at] of [
    ['{"name":1/*x*/}', 9],
    ["{'name':1}", 1],
    ['{} x', 3],
    ['{"name":"a\tb"}', 10],
    ['{"name":"a\0b"}', 10],
    ['{"name":"\\x"}', 9],
    ['   ', 3],
  ] as const) {
    expect(errorSummaries(await refusal(text)), text).toEqual([`json_invalid body.${at}`]);
  }
});

requirement('HTTP-122', readOnly, async () => {
  for (const text of ['5', '"x"', 'true', '[]'])
    expect(errorSummaries(await refusal(text)), text).toEqual(['model_attributes_type body']);
  expect(errorSummaries(await refusal('null'))).toEqual(['missing body']);
});

requirement('HTTP-123', readOnly, async () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  for (const text of [nested(5000), nested(100_000), '{"a":'.repeat(5000), `{"name":${'9'.repeat(5000)}}`]) {
    const { body } = await raw('POST', VARIABLES, {
      as: 'alice',
      headers: { 'content-type': 'application/json' },
      rawBody: text,
    }).expectStatus(400);
    expect(body.detail).toBeTypeOf('string');
  }
  expect(errorSummaries(await refusal(`{"name":${nested(300)},"value":"x","default_fields":[]}`))).toEqual([
    'string_type body.name',
  ]);
});

requirement('HTTP-124', readOnly, async () => {
  for (const type of [
    'json',
    'application/json, text/plain',
    '*/*',
    'text/json',
    'application/jsonp',
    'application/octet-stream',
  ]) {
    const text = requestText(
      'POST',
      VARIABLES,
      [await bearer(), `Content-Type: ${type}`, `Content-Length: ${LACKING.length}`],
      LACKING,
    );
    const [response] = (await wire(text)).responses;
    expect(response?.status, type).toBe(422);
    expect(errorSummaries(bodyOf(response as WireResponse))).toEqual(['model_attributes_type body']);
  }
});

requirement('HTTP-125', readOnly, async () => {
  for (const value of ['NaN', '-Infinity', '1e400', '["\\ud800"]']) {
    const { body } = await raw('POST', VARIABLES, {
      as: 'alice',
      headers: { 'content-type': 'application/json' },
      rawBody: `{"name":${value}}`,
    }).expectStatus(500);
    expect(body.message).toBeTypeOf('string');
  }
});

requirement('HTTP-126', readOnly, async () => {
  for (const coding of ['gzip', 'br', 'identity', 'no-such-coding'])
    expect(errorSummaries(await refusal(LACKING, { 'content-encoding': coding }))).toEqual(MISSING);
});

requirement('HTTP-127', async () => {
  for (const value of [
    'Grüße, 世界',
    'שלום',
    '🎧 𝒳 👩‍👩‍👧',
    'e\u0301 \u00e9 \ufb03',
    'line\r\nline\ttab',
    'a\u0000b',
    '\u2028\u2029\ufeff',
  ]) {
    const { id } = await given.variable({ name: uniqueName('variable'), value, type: 'Generic' });
    const { body } = await call('listVariables').expectStatus(200);
    expect(body.find((one) => one.id === id)?.value).toBe(value);
  }
});

requirement('HTTP-041', readOnly, async () => {
  for (const [path, status] of [
    ['/api/v1/version', 405],
    [VARIABLES, 405],
    ['/api/v1/no-such-thing', 404],
  ] as const)
    expect((await wire(requestText('CONNECT', path))).responses.map((response) => response.status)).toEqual([status]);
});
