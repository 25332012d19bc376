import type { Exchange } from '../../reports/run.ts';
import { type JsonSchema, type MediaTypeObject, type Operation, resolveRef, type Spec } from '../../spec/index.ts';
import type { Baseline } from './baseline.ts';
import * as faults from './faults.ts';
import * as fileFaults from './file-faults.ts';
import type { Fault, Mutant } from './mutant.ts';
import { rpcFaults } from './rpc-faults.ts';
import { socketMutants } from './socket-mutants.ts';

/** The most tests for a fault of behaviour: each one costs time. */
const MOST_TESTS = 14;
/** A WebSocket has many different requirements. */
const MOST_SOCKET_TESTS = 30;

/** The mutants of every operation, from the contract and from the exchanges of the tests. */
export function generateMutants(spec: Spec, baseline: Baseline): Mutant[] {
  return spec.operations
    .flatMap((operation) => mutantsOf(spec, operation, baseline))
    .filter(({ requirements }) => requirements.length > 0);
}

/** Which of the tests with a response run under a fault. */
interface TestFilter {
  suits?: (exchange: Exchange) => boolean;
  /** What the fault changes, as a requirement would name it. */
  about?: string;
}

const asksInQuery =
  (name: string) =>
  ({ request }: Exchange) =>
    new URL(request.url).searchParams.has(name);
const asksInBody =
  (name: string) =>
  ({ request }: Exchange) =>
    request.body?.includes(`"${name}":`) === true;
const onStreams: TestFilter = {
  suits: ({ response }) => STREAMS.some((type) => response?.headers['content-type']?.startsWith(type)),
};
const withEvent = (event: string): TestFilter => ({
  suits: ({ response }) => response?.body.includes(`"event": "${event}"`) === true,
});

function mutantsOf(spec: Spec, operation: Operation, baseline: Baseline): Mutant[] {
  const { operationId } = operation;
  const named = (ids: string[]) => ids.filter((id) => concerns(spec, id, operationId)).slice(0, MOST_SOCKET_TESTS);
  if (operation.websocket) return socketMutants(operation, baseline, named);
  const own = (when: (status: number) => boolean, { suits, about }: TestFilter = {}) => {
    const all = baseline.witnesses(operationId, when, suits);
    const mine = all.filter((id) => concerns(spec, id, operationId));
    // Requirements that name what the fault changes come first.
    const names = (id: string) => (about !== undefined && spec.requirement(id).text.includes(about) ? 0 : 1);
    return (mine.length > 0 ? mine : all).sort((a, b) => names(a) - names(b)).slice(0, MOST_TESTS);
  };
  const ok = (status: number) => status < 300;
  const make = (kind: string, fault: Fault, requirements: string[], killedBy: Mutant['killedBy'] = 'test'): Mutant => ({
    id: `${operationId}: ${kind}`,
    kind: kind.replace(/ `.*|\d+.*/, '').trim(),
    operationId,
    fault,
    requirements,
    killedBy,
  });
  // The recorder checks every response: one test with a response is enough.
  const recorded = (kind: string, fault: Fault, by: Mutant['killedBy'], when = ok, fit: TestFilter = {}) =>
    make(kind, fault, own(when, fit).slice(0, 3), by);
  const behaves = (kind: string, fault: Fault, when = ok, fit: TestFilter = {}) => make(kind, fault, own(when, fit));

  const schema = jsonOf(spec, operation);
  const names = Object.keys(schema?.['properties'] ?? {});
  const required = ((schema?.['required'] ?? []) as string[]).filter((name) => names.includes(name));
  const write = !['GET', 'HEAD'].includes(operation.method);
  const stream = streamOf(operation);
  const mutants = [
    behaves('wrong status', faults.status(operation.responses['203'] ? 206 : 203)),
    ...(schema || hasContent(operation) ? [recorded('wrong media type', faults.mediaType, 'media-type')] : []),
    ...required
      .slice(0, 3)
      .map((name) => recorded(`required field \`${name}\` missing`, faults.missingField(name), 'schema')),
    ...required
      .filter((name) => typed(spec, schema, name))
      .slice(0, 2)
      .map((name) => recorded(`field \`${name}\` of the wrong type`, faults.wrongType(name), 'schema')),
    ...headersOf(operation).map((name) => behaves(`header \`${name}\` missing`, faults.withoutHeader(name))),
    ...refusals(baseline, operation).flatMap((status) => [
      behaves(
        `refusal ${status} with another status`,
        faults.refusalStatus(status, status === 400 ? 409 : 400),
        (seen) => seen === status,
      ),
      recorded(`refusal ${status} of another shape`, faults.errorShape(status), 'schema', (seen) => seen === status),
    ]),
    ...operation.parameters
      .filter(({ in: place }) => place === 'query')
      .map(({ name }) =>
        behaves(`query parameter \`${name}\` ignored`, faults.queryIgnored(name), ok, {
          suits: asksInQuery(name),
          about: name,
        }),
      ),
    ...(write && !NOT_WRITING.test(operationId) ? [behaves('write not kept', faults.notKept)] : []),
    ...bodyFields(spec, operation).map((name) =>
      behaves(`body field \`${name}\` ignored`, faults.bodyFieldIgnored(name), ok, {
        suits: asksInBody(name),
        about: name,
      }),
    ),
    ...bodyFields(spec, operation)
      .filter((name) => names.includes(name))
      .slice(0, 3)
      .map((name) => behaves(`field \`${name}\` returned wrongly`, faults.wrongEcho(name))),
    ...(operation.method === 'GET' && operation.operationId.startsWith('list')
      ? [behaves('last of the list missing', faults.lastMissing), behaves('list reversed', faults.reversed)]
      : []),
    ...(operation.path.includes('{') && operation.security.length > 0
      ? [behaves("another user's data shown", faults.foreignDataServed, (status) => status >= 400)]
      : []),
    ...(saysJsonRpc(operation) ? Object.entries(rpcFaults).map(([kind, fault]) => behaves(kind, fault)) : []),
    ...(takesJsonRpc(operation) ? [behaves('params ignored', faults.bodyFieldIgnored('params'))] : []),
    ...(stream
      ? [
          behaves('stream cut', faults.streamCut, ok, onStreams),
          behaves('frames of the stream run together', faults.streamRunsTogether, ok, onStreams),
        ]
      : []),
    ...eventsOf(spec, stream).flatMap(({ name, required }) => [
      behaves(`event \`${name}\` missing`, faults.eventMissing(name), ok, withEvent(name)),
      behaves(`event \`${name}\` sent twice`, faults.eventTwice(name), ok, withEvent(name)),
      ...required
        .slice(0, 2)
        .map((field) =>
          recorded(
            `event \`${name}\` without ${field}`,
            faults.eventWithout(name, field),
            'schema',
            ok,
            withEvent(name),
          ),
        ),
    ]),
    ...(eventsOf(spec, stream).length > 0
      ? [behaves('first events swapped', faults.eventsSwapped, ok, onStreams)]
      : []),
  ];
  return [...mutants, ...files(spec, operation, behaves), ...credentials(operation, baseline, make)];
}

/** Faults of downloaded and uploaded files. */
function files(spec: Spec, operation: Operation, behaves: (kind: string, fault: Fault) => Mutant): Mutant[] {
  const success = successOf(operation);
  const types = Object.keys(success?.content ?? {}).filter((type) => !/json|text\//.test(type));
  const form = resolveRef<JsonSchema>(
    spec.document,
    operation.requestBody?.content['multipart/form-data']?.schema ?? {},
  );
  const takes = Object.values<JsonSchema>(form['properties'] ?? {}).some(({ format }) => format === 'binary');
  return [
    ...(types.some((type) => !type.includes('zip'))
      ? [behaves('bytes of the file changed', fileFaults.otherBytes)]
      : []),
    ...(types.length > 1 ? [behaves('file of another media type', fileFaults.otherMediaType(types))] : []),
    ...(types.length > 0 && success?.headers?.['content-disposition']
      ? [behaves('file of another name', fileFaults.otherFilename)]
      : []),
    ...(types.some((type) => type.includes('zip'))
      ? [
          behaves('last entry of the ZIP missing', fileFaults.lastEntryMissing),
          behaves('an entry of the ZIP changed', fileFaults.otherEntry),
        ]
      : []),
    ...(takes
      ? [
          behaves('name of the upload ignored', fileFaults.uploadNameIgnored),
          behaves('bytes of the upload changed', fileFaults.uploadGrown),
        ]
      : []),
  ];
}

const STREAMS = ['text/event-stream', 'application/x-ndjson'];

/** The media type of a successful response that is a stream. */
function streamOf({ responses }: Operation): MediaTypeObject | undefined {
  const contents = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Number(status) < 300 ? Object.entries(content) : [],
  );
  return contents.find(([type]) => STREAMS.includes(type))?.[1];
}

/** The events of a JSON stream, with the required fields of their data. */
function eventsOf(spec: Spec, stream: MediaTypeObject | undefined): { name: string; required: string[] }[] {
  const event = stream?.['x-stream']?.event;
  const alternatives: JsonSchema[] = event ? (resolveRef<JsonSchema>(spec.document, event)['oneOf'] ?? []) : [];
  return alternatives.flatMap(({ properties }) => {
    const name = properties?.['event']?.const;
    return typeof name === 'string' && properties
      ? [{ name, required: resolveRef<JsonSchema>(spec.document, properties['data'] ?? {}).required ?? [] }]
      : [];
  });
}

/** Operations that write nothing. */
const NOT_WRITING = /^(validate|download|login|logout|refresh|(re)?buildCustomComponent)/;

function credentials(
  operation: Operation,
  baseline: Baseline,
  make: (kind: string, fault: Fault, requirements: string[]) => Mutant,
): Mutant[] {
  if (operation.security.length === 0) return [];
  const all = baseline.witnesses(operation.operationId, (status) => status === 401 || status === 403);
  const generic = all.filter((id) => id.startsWith('AUTH-'));
  const refused = generic.length > 0 ? generic : all;
  return (['none', 'bearer', 'key'] as const).map((kind) =>
    make(`refused credential accepted, ${kind}`, faults.credentialAccepted(kind), refused),
  );
}

function concerns(spec: Spec, id: string, operationId: string): boolean {
  const { operations } = spec.requirement(id);
  return Array.isArray(operations) && operations.includes(operationId);
}

/** The error statuses in the tests' exchanges, without those for credentials, which have their own mutants. */
const refusals = (baseline: Baseline, { operationId }: Operation) =>
  [...baseline.statuses(operationId)].filter((status) => status >= 400 && ![401, 403].includes(status));

const successOf = ({ responses }: Operation) => Object.entries(responses).find(([status]) => Number(status) < 300)?.[1];
const hasContent = (operation: Operation) => Object.keys(successOf(operation)?.content ?? {}).length > 0;
const headersOf = (operation: Operation) =>
  Object.keys(successOf(operation)?.headers ?? {})
    .map((name) => name.toLowerCase())
    .filter((name) => name !== 'content-encoding');

const RPC = '#/components/schemas/JsonRpcMessage';
const saysJsonRpc = (operation: Operation) =>
  successOf(operation)?.content?.['text/event-stream']?.['x-stream']?.event.$ref === RPC;
const takesJsonRpc = (operation: Operation) =>
  operation.requestBody?.content['application/json']?.schema?.['$ref'] === RPC;

/** The schema of the object in a JSON response, or of a list's items. */
function jsonOf(spec: Spec, operation: Operation): JsonSchema | undefined {
  const schema = successOf(operation)?.content?.['application/json']?.schema;
  if (!schema) return undefined;
  const found = resolveRef<JsonSchema>(spec.document, schema);
  const item = found['type'] === 'array' ? resolveRef<JsonSchema>(spec.document, found['items'] ?? {}) : found;
  return item['properties'] ? item : undefined;
}

/** Whether the contract gives the type of a field, so that another type is wrong. */
function typed(spec: Spec, schema: JsonSchema | undefined, name: string): boolean {
  const { type, enum: choices } = resolveRef<JsonSchema>(spec.document, schema?.properties?.[name] ?? {});
  return choices !== undefined || (type !== undefined && ![type].flat().includes('object'));
}

function bodyFields(spec: Spec, operation: Operation): string[] {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (!schema) return [];
  const found = resolveRef<JsonSchema>(spec.document, schema);
  return Object.keys(found['properties'] ?? {});
}
