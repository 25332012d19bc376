import { type JsonSchema, operationObject, resolveRef } from '../spec/index.ts';
import { apiKeyOf, call, callById, expect, people, raw, requirement, spec, tokenOf } from './support/index.ts';
import { authorizedUser, type OperationCase, operationsFor, someFlow, wellFormedRequest } from './support/probe.ts';
import { errorSummaries, validationErrors } from './support/validation-errors.ts';
import { requestText, wire } from './support/wire.ts';

/** Errors in bodies that every operation answers in the same way. */

function bodyOf(one: OperationCase, mediaType: string): JsonSchema | undefined {
  const schema = spec.operation(one.operationId).requestBody?.content[mediaType]?.schema;
  return schema && resolveRef<JsonSchema>(spec.document, schema);
}
// Operations that call a third party check its key first (STORE-030).
const own = operationsFor('all').filter(({ operationId }) => !spec.operation(operationId).thirdParty);
const needsBody = own.filter(({ operationId }) => spec.operation(operationId).requestBody?.required);
const forms = needsBody.filter((one) => bodyOf(one, 'multipart/form-data')?.required);
requirement.each('HTTP-091', forms, async (one) => {
  const { path = {} } = await wellFormedRequest(one);
  // An upload looks up its flow first (FILES-008).
  if ('flow_id' in path) path['flow_id'] = await someFlow();
  const multipart = { 'another-field': 'x' };
  const { body } = await callById(one.operationId, {
    path,
    multipart,
    as: authorizedUser(one),
    valid: false,
  }).expectStatus(422);
  const wanted = bodyOf(one, 'multipart/form-data')?.required?.map((name) => `missing body.${name}`) ?? [];
  expect(errorSummaries(body)).toEqual(expect.arrayContaining(wanted));
});

/** Whether a string is not valid for the schema. */
const refusesText = (schema: JsonSchema | undefined): boolean => schema?.type === 'object' || schema?.type === 'array';
const objects = needsBody.filter((one) => refusesText(bodyOf(one, 'application/json')));

requirement.each(
  'HTTP-010',
  objects,
  async (one) => {
    const { path } = await wellFormedRequest(one);
    const { body } = await callById(one.operationId, {
      ...(path && { path }),
      as: authorizedUser(one),
      valid: false,
    }).expectStatus(422);
    expect(errorSummaries(body)).toEqual(['missing body']);
  },
  { readOnly: true },
);

requirement.each('HTTP-092', objects, async (one) => {
  const { path } = await wellFormedRequest(one);
  const { body } = await callById(one.operationId, {
    ...(path && { path }),
    body: 'a text',
    as: authorizedUser(one),
    valid: false,
  }).expectStatus(422);
  expect(validationErrors(body).map(({ loc }) => loc[0])).toEqual(['body']);
});

requirement.each('HTTP-128', objects, async (one) => {
  const { path } = await wellFormedRequest(one);
  const headers = { 'content-type': 'application/json' };
  const { body } = await callById(one.operationId, {
    ...(path && { path }),
    rawBody: 'NaN',
    headers,
    as: authorizedUser(one),
    valid: false,
  }).expectStatus(500);
  expect(body.message).toBeTypeOf('string');
});

const unreadable: Record<string, { headers: Record<string, string>; rawBody: Buffer }> = {
  'application/json': {
    headers: { 'content-type': 'application/json' },
    rawBody: Buffer.from([0x22, 0xff, 0xfe, 0x22]),
  },
  'multipart/form-data': {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    rawBody: Buffer.from('--b\r\nno header\r\n'),
  },
};
/** Some operations parse their body themselves, or check it before. */
const readable = operationsFor('all').filter(({ operationId }) => {
  const operation = spec.operation(operationId);
  const { requestBody } = operation;
  return requestBody && !requestBody['x-raw'] && operationObject(spec.document, operation)?.['x-unreadable'] !== false;
});
const cases = Object.keys(unreadable).flatMap((type) =>
  readable.filter((one) => bodyOf(one, type)).map((one) => ({ ...one, type })),
);
requirement.each('HTTP-093', cases, async (one) => {
  const { path } = await wellFormedRequest(one);
  const { body } = await callById(one.operationId, {
    ...(path && { path }),
    ...unreadable[one.type],
    as: authorizedUser(one),
    valid: false,
  }).expectStatus(400);
  expect(body.detail).toBeTypeOf('string');
});

const VARIABLES = '/api/v1/variables/';

requirement('HTTP-129', { readOnly: true }, async () => {
  const text = '{"name":"ä"}';
  const utf16 = Buffer.from(text, 'utf16le');
  const utf32 = Buffer.from(Uint32Array.from([...text], (sign) => sign.codePointAt(0) ?? 0).buffer);
  for (const rawBody of [
    utf16,
    Buffer.concat([Buffer.from('fffe', 'hex'), utf16]),
    Buffer.from(utf16).swap16(),
    utf32,
  ]) {
    const { body } = await raw('POST', VARIABLES, {
      as: 'alice',
      headers: { 'content-type': 'application/json' },
      rawBody,
    }).expectStatus(422);
    expect(body.detail).toMatchObject([
      { loc: ['body', 'value'], input: { name: 'ä' } },
      { loc: ['body', 'default_fields'] },
    ]);
  }
});

requirement('HTTP-130', { readOnly: true }, async () => {
  const bearer = `Authorization: Bearer ${await tokenOf(people.alice)}`;
  for (const [sent, read] of [
    ['%ff%fe', '\ufffd\ufffd'],
    ['%', '%'],
    ['%zz%41', '%zzA'],
  ]) {
    const { responses } = await wire(requestText('DELETE', `${VARIABLES}${sent}`, [bearer]));
    expect(responses[0]?.status, sent).toBe(422);
    expect(JSON.parse(responses[0]?.text ?? '').detail).toMatchObject([{ loc: ['path', 'variable_id'], input: read }]);
  }
});

requirement('HTTP-131', { readOnly: true }, async () => {
  const key = await apiKeyOf(people.alice);
  const ask = (...keys: string[]) =>
    wire(
      requestText(
        'GET',
        VARIABLES,
        keys.map((one) => `x-api-key: ${one}`),
      ),
    );
  expect((await ask(key, 'none')).responses[0]?.status).toBe(200);
  expect((await ask('none', key)).responses[0]?.status).toBe(403);
});

requirement('HTTP-132', async () => {
  const part = (head: string, content: string) =>
    `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
  const file = part('name="file"; filename="a.txt"', 'x');
  const many = (parameters: string) =>
    Array.from({ length: 1001 }, (_, index) => part(`name="f${index}"${parameters}`, '1')).join('');
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const path = { flow_id: crypto.randomUUID() };
  for (const parts of [many(''), many('; filename="a.txt"'), part('name="long"', 'x'.repeat(1024 * 1024 + 1))]) {
    const { body } = await call('uploadTemporaryFile', {
      path,
      headers,
      rawBody: `${parts}${file}--b--\r\n`,
      as: null,
      valid: false,
    }).expectStatus(400);
    expect(body.detail).toBeTypeOf('string');
  }
  const large = `${part('name="long"', 'x'.repeat(1024 * 1024))}${file}--b--\r\n`;
  await call('uploadTemporaryFile', { path, headers, rawBody: large, as: null, valid: false }).expectStatus(201);
});
