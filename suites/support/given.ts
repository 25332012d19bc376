import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFlow, type FlowDescription, type FlowJson } from '../../fixtures/build-flow.ts';
import type { Operation } from '../../spec/index.ts';
import type { BodyOf, OperationId, Schema } from '../../spec/operations.ts';
import { type ApiResponse, callById, type RequestOptions, raw } from './call.ts';
import { registerCleanup } from './cleanup.ts';
import { type As, credentialFor } from './credentials.ts';
import { context, type Person, people, spec, workerNumber } from './run-context.ts';
import { addSecret } from './secrets.ts';
import { Blocked } from './verdict.ts';

let count = 0;

/** A name that no other test has: `flow 8f3a-1-7`. */
export const uniqueName = (what: string): string => `${what} ${context.runId}-${workerNumber}-${++count}`;

interface Creation<Made> {
  what: string;
  make: string;
  body: Record<string, unknown>;
  /** The path to delete it at. */
  remove: (made: Made) => string;
  as?: As | undefined;
}

async function make<Made extends object>({ what, make: path, body, remove, as }: Creation<Made>): Promise<Made> {
  const operation = operationAt('POST', path);
  const options: RequestOptions = { body, as: as ?? 'alice', valid: true };
  const response = await (operation ? callById(operation.operationId, options) : raw('POST', path, options));
  const made: unknown = response.body;
  if (response.status < 200 || response.status > 299 || typeof made !== 'object' || made === null)
    throw creationFailed(what, response, path);
  await removeLater(what, remove(made as Made), as);
  return made as Made;
}

const creationFailed = (what: string, response: ApiResponse, path: string): Blocked =>
  new Blocked(`It needs a ${what}: POST ${path} answered ${response.status} ${response.text.slice(0, 200)}`);

/** Registers the removal of something that a test created itself. */
export async function removeLater(what: string, path: string, as?: As, method = 'DELETE'): Promise<void> {
  const { headers = {} } = await credentialFor(operationAt(method, path), as ?? 'alice', undefined);
  registerCleanup({ what, method, path, headers });
}

function operationAt(method: string, path: string): Operation | undefined {
  return spec.operations.find((operation) => operation.method === method && operation.path === path);
}

interface For {
  as?: As | undefined;
}

/** Fields of a body that a test sets; undefined omits a field. */
type Fields<Id extends OperationId> = { [Name in keyof BodyOf<Id>]?: BodyOf<Id>[Name] | undefined };

/** Fields of the body, and who creates it. */
export type Given<Id extends OperationId> = For & Fields<Id>;

type Flow = Schema<'Flow'>;
/** A flow with its graph. */
export type RunnableFlow = Omit<Flow, 'data'> & Pick<FlowJson, 'data'>;

/** Creates what tests need on the deployment, named after the run and removed at the end of the test. */
export const given = {
  /** A flow; empty unless `data` is given. */
  flow: ({ as, ...fields }: Given<'createFlow'> = {}): Promise<Flow> =>
    make<Flow>({
      what: 'flow',
      make: '/api/v1/flows/',
      body: { name: uniqueName('flow'), description: 'made by flowpact', data: { nodes: [], edges: [] }, ...fields },
      remove: (flow) => `/api/v1/flows/${flow.id}`,
      as,
    }),

  /** A flow that runs, from a description in fixtures/flows and the deployment's catalogue; `fields` are the flow's. */
  runnableFlow: async (
    description: FlowDescription,
    { as, ...fields }: Given<'createFlow'> = {},
  ): Promise<RunnableFlow> => {
    const { name, ...built } = flowFrom(description, await catalogue());
    return (await given.flow({ ...built, name: uniqueName(name), ...fields, as })) as RunnableFlow;
  },

  project: ({ as, ...fields }: Given<'createProject'> = {}) =>
    make<Schema<'Project'>>({
      what: 'project',
      make: '/api/v1/projects/',
      body: {
        name: uniqueName('project'),
        description: 'made by flowpact',
        components_list: [],
        flows_list: [],
        ...fields,
      },
      remove: (project) => `/api/v1/projects/${project.id}`,
      as,
    }),

  variable: ({ as, ...fields }: Given<'createVariable'> = {}) =>
    make<Schema<'Variable'>>({
      what: 'variable',
      make: '/api/v1/variables/',
      body: {
        name: uniqueName('variable').replaceAll(/[ -]/g, '_'),
        value: 'a value',
        type: 'Generic',
        default_fields: [],
        ...fields,
      },
      remove: (variable) => `/api/v1/variables/${variable.id}`,
      as,
    }),

  /** An API key; `api_key` holds the whole key. */
  apiKey: ({ as, ...fields }: Given<'createApiKey'> = {}) =>
    make<Schema<'ApiKeyCreated'>>({
      what: 'API key',
      make: '/api/v1/api_key/',
      body: { name: uniqueName('key'), ...fields },
      remove: (key) => `/api/v1/api_key/${key.id}`,
      as,
    }),

  /** A new user, active unless `active` is false; logged in when a token is first needed. */
  user: async ({
    active = true,
    ...fields
  }: {
    active?: boolean;
    username?: string;
    password?: string;
  } = {}): Promise<Person> => {
    if (!context.admin.superuser && !people.alice.ours)
      throw new Blocked(`It needs a user of its own: ${context.noSecondUser ?? 'the run could not create one'}`);
    const password = addSecret(fields.password ?? `secret-${context.runId}-${++count}`);
    const username = fields.username ?? uniqueName('user').replaceAll(' ', '-');
    const made = await make<Schema<'User'>>({
      what: 'user',
      make: '/api/v1/users/',
      body: { username, password },
      remove: (user) => `/api/v1/users/${user.id}`,
      as: 'admin',
    });
    const user: Person = { id: made.id, label: username, username, password, superuser: false, ours: true };
    if (!active) return user;
    const path = `/api/v1/users/${made.id}`;
    const activated = await raw('PATCH', path, { body: { is_active: true }, as: 'admin' });
    if (activated.status !== 200)
      throw new Blocked(`It needs an active user: PATCH ${path} answered ${activated.status}`);
    return user;
  },
};

function flowFrom(description: FlowDescription, components: Catalogue): ReturnType<typeof buildFlow> {
  try {
    return buildFlow(description, components);
  } catch (error) {
    throw new Blocked(`It needs a flow that runs: ${(error as Error).message}`);
  }
}

type Catalogue = Parameters<typeof buildFlow>[1];
let components: Promise<Catalogue> | undefined;

/** The deployment's catalogue of components, GET /api/v1/all: read once in a run and shared by the workers. */
export function catalogue(): Promise<Catalogue> {
  // A failure is not cached: the next test tries again.
  components ??= readCatalogue().catch((error: unknown) => {
    components = undefined;
    throw error;
  });
  return components;
}

async function readCatalogue(): Promise<Catalogue> {
  const file = join(context.shared, 'catalogue.json');
  if (!existsSync(file)) {
    const response = await raw('GET', '/api/v1/all', { as: 'alice', timeoutMs: 2 * context.requestTimeoutMs });
    if (response.status !== 200 || typeof response.body !== 'object')
      throw new Blocked(`It needs the catalogue of components: GET /api/v1/all answered ${response.status}`);
    writeFileSync(`${file}.${workerNumber}`, response.text);
    renameSync(`${file}.${workerNumber}`, file);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
