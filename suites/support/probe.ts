import { expect } from 'vitest';
import type { Operation, Requirement } from '../../spec/index.ts';
import type { Loose } from '../../spec/json.ts';
import { type Answer, callById, type RequestOptions, raw } from './call.ts';
import { registerCleanup } from './cleanup.ts';
import type { As } from './credentials.ts';
import { uniqueName } from './given.ts';
import { type CaseOf, refuseDisruption } from './requirement.ts';
import { context, people, spec } from './run-context.ts';
import { streamById } from './stream.ts';
import { Blocked, NotRun } from './verdict.ts';

/** Requests that show whether an operation lets a credential in, and do nothing else. */

export interface OperationCase extends CaseOf {
  operationId: string;
  /** The names of the schemes it takes. */
  schemes: ReadonlySet<string>;
  superuser: boolean;
}

/** A case for each operation that a requirement speaks of. */
export function operationsFor(which: Requirement['operations']): OperationCase[] {
  return spec.operations
    .filter((operation) => !operation.websocket && (which === 'all' || (which === 'secured' ? isSecured(operation) : which.includes(operation.operationId))))
    .map(({ operationId, security }) => ({
      name: operationId,
      operationId,
      schemes: new Set(security.flatMap((alternative) => Object.keys(alternative))),
      superuser: security.some((alternative) => Object.values(alternative).some((roles) => roles.includes('superuser'))),
    }));
}

/** An empty alternative lets everyone in: a credential is optional there. */
const isSecured = ({ security }: Operation): boolean => security.length > 0 && security.every((alternative) => Object.keys(alternative).length > 0);

/** Who may do it. */
export const privileged = (one: OperationCase): 'admin' | 'alice' => (one.superuser ? 'admin' : 'alice');

/** A request that no server carries out: an id that is none, a body of the wrong type. Where the form leaves no room for a fault, one that finds nothing. */
export async function carefully(one: OperationCase): Promise<RequestOptions> {
  const operation = spec.operation(one.operationId);
  await refuseHarm(operation);
  return {
    path: await pathOf(operation, 'not-an-id'),
    ...(hasJson(operation) && { body: 'of the wrong type' }),
    ...emptyForm(operation),
    ...(operation.thirdParty && wrongQuery(operation)),
  };
}

/** A server of others is not asked for the sake of a credential. */
function wrongQuery({ parameters }: Operation): RequestOptions {
  const typed = parameters.find(({ in: place, schema }) => place === 'query' && schema['type'] === 'integer');
  return typed ? { query: { [typed.name]: 'none' }, valid: false } : {};
}

/** A request in the declared form that would find nothing. */
export async function wellFormed(one: OperationCase): Promise<RequestOptions> {
  const operation = spec.operation(one.operationId);
  await refuseHarm(operation);
  const { content = {} } = operation.requestBody ?? {};
  const media = content['application/json'];
  const example = media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
  return { path: await pathOf(operation, crypto.randomUUID()), ...(example !== undefined && { body: example }), ...emptyForm(operation), valid: false };
}

/** A form without the fields that the operation needs; nothing for one that takes no multipart form. */
export const emptyForm = ({ requestBody }: Operation): RequestOptions =>
  requestBody?.content['multipart/form-data'] ? { multipart: { nothing: 'that it knows' } } : {};

/**
 * An operation that deletes all that a user has takes a request in which nothing can be wrong. It is sent as a user whom the run
 * made, or with --allow-disruptive; and only where a request without a credential is nobody's.
 */
async function refuseHarm({ method, parameters, requestBody, path }: Operation): Promise<void> {
  if (method !== 'DELETE' || requestBody || parameters.some(({ in: place, required }) => place === 'path' || required)) return;
  if (context.readOnly) throw new NotRun(`--read-only: DELETE ${path} can't be asked for without doing it`);
  refuseDisruption();
  const { status } = await raw('GET', '/api/v1/users/whoami', { as: null });
  if (status < 400) throw new Blocked(`A request without a credential is the superuser's, and DELETE ${path} would delete all that they have`);
}

const hasJson = ({ requestBody }: Operation): boolean => requestBody?.content['application/json'] !== undefined;

async function pathOf({ parameters }: Operation, id: string): Promise<Record<string, string>> {
  const path: Record<string, string> = {};
  for (const { name, in: place, schema } of parameters) {
    if (place !== 'path') continue;
    if (schema['format'] === 'uuid') path[name] = id;
    // Runs look for the flow before they look at the credential.
    else path[name] = name.startsWith('flow') ? await someFlow() : uniqueName('nothing');
  }
  return path;
}

let flow: Promise<string> | undefined;

/** The id of an empty flow of alice's, made once. */
export function someFlow(): Promise<string> {
  flow ??= makeFlow();
  flow.catch(() => {
    flow = undefined;
  });
  return flow;
}

async function makeFlow(): Promise<string> {
  const headers = people.alice.token ? { authorization: `Bearer ${people.alice.token}` } : { 'x-api-key': people.alice.apiKey ?? '' };
  const body = JSON.stringify({ name: uniqueName('probed flow'), data: { nodes: [], edges: [] } });
  const response = await fetch(`${context.url}/api/v1/flows/`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body });
  const made = (await response.json().catch(() => ({}))) as { id?: string };
  if (!made.id) throw new Blocked(`It needs a flow: POST /api/v1/flows/ answered ${response.status}`);
  registerCleanup({ what: 'flow', method: 'DELETE', path: `/api/v1/flows/${made.id}`, headers }, 'run');
  return made.id;
}

/** Asks with a credential that must be refused. */
export async function refusedWith(status: number, one: OperationCase, as: As): Promise<Answer<Loose>> {
  return callById(one.operationId, { ...(await carefully(one)), as }).expectStatus(status);
}

/** Asks with a credential that must be let in: what is wrong with the rest of the request is then told, or nothing is. */
export async function accepted(one: OperationCase, as: As): Promise<void> {
  const operation = spec.operation(one.operationId);
  const options = { ...(await carefully(one)), as };
  const { status, text } = await (isEndless(operation) ? streamById(one.operationId, { ...options, headAlone: true }) : callById(one.operationId, options));
  expect([401, 403], `${one.operationId} refused: ${text.slice(0, 200)}`).not.toContain(status);
  if (status === 501 && operation.responses['501']) return;
  if (status === 500 && hasOwnFailure(operation)) return;
  // Some find nothing with a 500: they looked for it, so the credential was let in.
  if (!/not found/i.test(text)) expect(status, `${one.operationId} failed: ${text.slice(0, 200)}`).toBeLessThan(500);
}

/** A stream that may go on for ever. */
const isEndless = ({ method, responses }: Operation): boolean => method === 'GET' && responses['200']?.content?.['text/event-stream'] !== undefined;

/** Whether the operation says itself when it answers 500; others just may. */
const hasOwnFailure = ({ responses }: Operation): boolean =>
  responses['500'] !== undefined && responses['500'].description !== spec.document.components.responses['ServerError']?.description;
