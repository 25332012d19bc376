import { expect } from 'vitest';
import type { Operation, Requirement } from '../../spec/index.ts';
import type { Loose } from '../../spec/json.ts';
import { type ApiResponse, callById, type RequestOptions, raw } from './call.ts';
import { registerCleanup } from './cleanup.ts';
import type { As } from './credentials.ts';
import { uniqueName } from './given.ts';
import { type CaseOf, refuseDisruption } from './requirement.ts';
import { context, people, spec } from './run-context.ts';
import { streamById } from './stream.ts';
import { Blocked, NotRun } from './verdict.ts';

/** Requests that show whether an operation accepts a credential, and change nothing. */

export interface OperationCase extends CaseOf {
  operationId: string;
  /** The security schemes that it accepts. */
  schemes: ReadonlySet<string>;
  superuser: boolean;
}

/** A case for each operation of a requirement. */
export function operationsFor(which: Requirement['operations']): OperationCase[] {
  return spec.operations
    .filter(
      (operation) =>
        !operation.websocket &&
        (which === 'all' || (which === 'secured' ? isSecured(operation) : which.includes(operation.operationId))),
    )
    .map(({ operationId, security }) => ({
      name: operationId,
      operationId,
      schemes: new Set(security.flatMap((alternative) => Object.keys(alternative))),
      superuser: security.some((alternative) =>
        Object.values(alternative).some((roles) => roles.includes('superuser')),
      ),
    }));
}

/** An empty alternative means that the credential is optional. */
const isSecured = ({ security }: Operation): boolean =>
  security.length > 0 && security.every((alternative) => Object.keys(alternative).length > 0);

/** A user who may call the operation. */
export const authorizedUser = (one: OperationCase): 'admin' | 'alice' => (one.superuser ? 'admin' : 'alice');

/** A request that changes nothing: with an invalid id or a body of the wrong type, or else one that finds nothing. */
export async function harmlessRequest(one: OperationCase): Promise<RequestOptions> {
  const operation = spec.operation(one.operationId);
  await refuseHarm(operation);
  return {
    path: await pathOf(operation, 'not-an-id'),
    ...(hasJson(operation) && { body: 'of the wrong type' }),
    ...emptyForm(operation),
    ...(operation.thirdParty && wrongQuery(operation)),
  };
}

/** A query that is refused before the operation calls a third party. */
function wrongQuery({ parameters }: Operation): RequestOptions {
  const typed = parameters.find(({ in: place, schema }) => place === 'query' && schema['type'] === 'integer');
  return typed ? { query: { [typed.name]: 'none' }, valid: false } : {};
}

/** A valid request that finds nothing. */
export async function wellFormedRequest(one: OperationCase): Promise<RequestOptions> {
  const operation = spec.operation(one.operationId);
  await refuseHarm(operation);
  const { content = {} } = operation.requestBody ?? {};
  const media = content['application/json'];
  const example = media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
  return {
    path: await pathOf(operation, crypto.randomUUID()),
    ...(example !== undefined && { body: example }),
    ...emptyForm(operation),
    valid: false,
  };
}

/** A multipart form without the required fields; no body if the operation has no multipart form. */
export const emptyForm = ({ requestBody }: Operation): RequestOptions =>
  requestBody?.content['multipart/form-data'] ? { multipart: { nothing: 'that it knows' } } : {};

/**
 * An operation that deletes everything of a user has no parameter that could be invalid. It is called only as a user of
 * the run or with --allow-disruptive, and only if a request without a credential is refused.
 */
async function refuseHarm({ method, parameters, requestBody, path }: Operation): Promise<void> {
  if (method !== 'DELETE' || requestBody || parameters.some(({ in: place, required }) => place === 'path' || required))
    return;
  if (context.readOnly) throw new NotRun(`--read-only: DELETE ${path} can't be called without deleting`);
  refuseDisruption();
  const { status } = await raw('GET', '/api/v1/users/whoami', { as: null });
  if (status < 400)
    throw new Blocked(
      `A request without a credential is treated as the superuser's, and DELETE ${path} would delete all their data`,
    );
}

const hasJson = ({ requestBody }: Operation): boolean => requestBody?.content['application/json'] !== undefined;

async function pathOf({ parameters }: Operation, id: string): Promise<Record<string, string>> {
  const path: Record<string, string> = {};
  for (const { name, in: place, schema } of parameters) {
    if (place !== 'path') continue;
    if (schema['format'] === 'uuid') path[name] = id;
    // Runs look up the flow before they check the credential.
    else path[name] = name.startsWith('flow') ? await someFlow() : uniqueName('nothing');
  }
  return path;
}

let flow: Promise<string> | undefined;

/** The id of an empty flow of alice, created once. */
export function someFlow(): Promise<string> {
  flow ??= makeFlow();
  flow.catch(() => {
    flow = undefined;
  });
  return flow;
}

async function makeFlow(): Promise<string> {
  const headers = people.alice.token
    ? { authorization: `Bearer ${people.alice.token}` }
    : { 'x-api-key': people.alice.apiKey ?? '' };
  const body = JSON.stringify({ name: uniqueName('probed flow'), data: { nodes: [], edges: [] } });
  const response = await fetch(`${context.url}/api/v1/flows/`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  const made = (await response.json().catch(() => ({}))) as { id?: string };
  if (!made.id) throw new Blocked(`It needs a flow: POST /api/v1/flows/ answered ${response.status}`);
  registerCleanup({ what: 'flow', method: 'DELETE', path: `/api/v1/flows/${made.id}`, headers }, 'run');
  return made.id;
}

/** Sends a request with a credential that must be refused. */
export async function expectRefused(status: number, one: OperationCase, as: As): Promise<ApiResponse<Loose>> {
  return callById(one.operationId, { ...(await harmlessRequest(one)), as }).expectStatus(status);
}

/** Sends a request with a credential that must be accepted; other errors of the request may follow. */
export async function expectAccepted(one: OperationCase, as: As): Promise<void> {
  const operation = spec.operation(one.operationId);
  const options = { ...(await harmlessRequest(one)), as };
  const { status, text } = await (isEndless(operation)
    ? streamById(one.operationId, { ...options, headAlone: true })
    : callById(one.operationId, options));
  expect([401, 403], `${one.operationId} refused: ${text.slice(0, 200)}`).not.toContain(status);
  if (status === 501 && operation.responses['501']) return;
  if (status === 500 && hasOwnFailure(operation)) return;
  // Some operations answer 500 when they find nothing: then the credential was accepted.
  if (!/not found/i.test(text)) expect(status, `${one.operationId} failed: ${text.slice(0, 200)}`).toBeLessThan(500);
}

/** Whether the response is a stream that may not end. */
const isEndless = ({ method, responses }: Operation): boolean =>
  method === 'GET' && responses['200']?.content?.['text/event-stream'] !== undefined;

/** Whether the operation declares a 500 of its own, other than the general one. */
const hasOwnFailure = ({ responses }: Operation): boolean =>
  responses['500'] !== undefined &&
  responses['500'].description !== spec.document.components.responses['ServerError']?.description;
