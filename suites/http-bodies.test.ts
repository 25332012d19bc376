import { resolveRef } from '../spec/index.ts';
import { call, expect, requirement, spec } from './support/index.ts';
import { type OperationCase, operationsFor, privileged, someFlow, wellFormed } from './support/probe.ts';

/** Faults of bodies that every operation answers alike. */

const bodyOf = (one: OperationCase, mediaType: string) =>
  resolveRef<any>(spec.document, spec.operation(one.operationId).requestBody?.content[mediaType]?.schema);
// Where a server of others is asked, its key is asked for first (STORE-030).
const own = operationsFor('all').filter(({ operationId }) => !spec.operation(operationId).thirdParty);
const needsBody = own.filter(({ operationId }) => spec.operation(operationId).requestBody?.required);
const faultsAt = (body: { detail: { loc: (string | number)[]; type: string }[] }) => body.detail.map(({ type, loc }) => `${type} ${loc.join('.')}`);

const forms = needsBody.filter((one) => bodyOf(one, 'multipart/form-data')?.required);
requirement.each('HTTP-091', forms, async (one) => {
  const { path = {} } = await wellFormed(one);
  // An upload looks for its flow first (FILES-008).
  if ('flow_id' in path) path['flow_id'] = await someFlow();
  const multipart = { 'another-field': 'x' };
  const { body } = await call(one.operationId, { path, multipart, as: privileged(one), valid: false }).expectStatus(422);
  const wanted = bodyOf(one, 'multipart/form-data').required.map((name: string) => `missing body.${name}`);
  expect(faultsAt(body)).toEqual(expect.arrayContaining(wanted));
});

/** Whether a text is no value of the schema. */
const refusesText = (schema: any): boolean => ['object', 'array'].includes(schema?.type);
const objects = needsBody.filter((one) => refusesText(bodyOf(one, 'application/json')));
requirement.each('HTTP-092', objects, async (one) => {
  const { path } = await wellFormed(one);
  const { body } = await call(one.operationId, { ...(path && { path }), body: 'a text', as: privileged(one), valid: false }).expectStatus(422);
  expect(body.detail.map(({ loc }: { loc: string[] }) => loc[0])).toEqual(['body']);
});

const unreadable: Record<string, { headers: Record<string, string>; rawBody: Buffer }> = {
  'application/json': { headers: { 'content-type': 'application/json' }, rawBody: Buffer.from([0x22, 0xff, 0xfe, 0x22]) },
  'multipart/form-data': { headers: { 'content-type': 'multipart/form-data; boundary=b' }, rawBody: Buffer.from('--b\r\nno header\r\n') },
};
/** Some read their body themselves, or look at it before. */
const readable = operationsFor('all').filter(({ operationId }) => {
  const { path, method, requestBody } = spec.operation(operationId);
  return requestBody && !requestBody['x-raw'] && spec.document.paths[path]?.[method.toLowerCase()]['x-unreadable'] !== false;
});
const cases = Object.keys(unreadable).flatMap((type) => readable.filter((one) => bodyOf(one, type)).map((one) => ({ ...one, type })));
requirement.each('HTTP-093', cases, async (one) => {
  const { path } = await wellFormed(one);
  const { body } = await call(one.operationId, { ...(path && { path }), ...unreadable[one.type], as: privileged(one), valid: false }).expectStatus(400);
  expect(body.detail).toBeTypeOf('string');
});
