import { type Document, type JsonSchema, type Operation, resolveRef } from '../../../spec/index.ts';
import { formBodies, multipartBodies } from './forms.ts';
import { oddHeaders } from './headers.ts';
import { jsonBodies } from './json-bodies.ts';
import { filled, ODD_QUERIES, wrongPaths, wrongQueries } from './parameters.ts';
import { propertyBodies } from './properties.ts';
import type { MalformedBody, MalformedRequest } from './request.ts';
import type { World } from './world.ts';

/** All malformed requests to an operation, with the same order and names for both sides. */
export function requestsTo(operation: Operation, document: Document, world: World): MalformedRequest[] {
  const path = filled(operation.path, world.values);
  const credential = operation.security.some((alternative) =>
    Object.values(alternative).some((roles) => roles.includes('superuser')),
  )
    ? world.superuser
    : world.user;
  const valid = validBody(operation);
  const send = (
    fault: string,
    at: string,
    headers: MalformedRequest['headers'],
    body: MalformedBody | undefined,
  ): MalformedRequest => ({
    fault,
    method: operation.method,
    path: at,
    headers: { ...(body?.type !== undefined && { 'content-type': body.type }), ...body?.headers, ...headers },
    ...(body && { body: body.bytes, chunked: body.chunked ?? false }),
  });
  const usual = { authorization: `Bearer ${credential.token}`, 'x-api-key': credential.key };
  return [
    ...bodiesOf(operation, document).map((body) => send(body.fault, path, usual, body)),
    ...wrongPaths(operation, world.values).map(([fault, at]) => send(fault, at, usual, valid)),
    ...[...wrongQueries(operation), ...ODD_QUERIES].map(([fault, query]) =>
      send(fault, `${path}?${query}`, usual, valid),
    ),
    ...oddHeaders(credential.token, credential.key).map(([fault, headers]) => send(fault, path, headers, valid)),
  ];
}

function exampleOf({ requestBody }: Operation): unknown {
  const [media] = Object.values(requestBody?.content ?? {});
  return media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
}

/** The field of a multipart form that takes a file. */
const FILE_FIELD = 'file';
const FILE = { name: 'note.txt', content: 'hello' };

/** A valid body, for requests whose fault is elsewhere. */
function validBody(operation: Operation): MalformedBody | undefined {
  const types = Object.keys(operation.requestBody?.content ?? {});
  const example = exampleOf(operation);
  if (types.includes('application/json'))
    return { fault: '', type: 'application/json', bytes: Buffer.from(JSON.stringify(example)) };
  if (types.includes('application/x-www-form-urlencoded'))
    return {
      fault: '',
      type: 'application/x-www-form-urlencoded',
      bytes: Buffer.from(new URLSearchParams(example as Record<string, string>).toString()),
    };
  const multipart = types.includes('multipart/form-data') ? multipartBodies(FILE_FIELD, FILE.name, FILE.content) : [];
  return multipart.find(({ fault }) => fault.includes('boundary="'));
}

function bodiesOf(operation: Operation, document: Document): MalformedBody[] {
  const content = operation.requestBody?.content ?? {};
  const example = exampleOf(operation);
  return Object.entries(content).flatMap(([type, { schema = {} }]) => {
    if (type === 'application/x-www-form-urlencoded') return formBodies(example as Record<string, string>);
    if (type === 'multipart/form-data') return multipart(resolveRef<JsonSchema>(document, schema as { $ref: string }));
    return [...jsonBodies(example ?? 'hello'), ...propertyBodies(document, schema, example)];
  });
}

const multipart = (schema: JsonSchema): MalformedBody[] =>
  schema.properties?.[FILE_FIELD]
    ? multipartBodies(FILE_FIELD, FILE.name, FILE.content)
    : multipartBodies(Object.keys(schema.properties ?? {})[0] ?? '', undefined, 'hello');
