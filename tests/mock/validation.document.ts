import type { Document, JsonSchema, Operation, ParameterObject } from '../../spec/index.ts';

/** Requests of Langflow 1.7.3 as its own document describes them: what the golden answers were recorded from. */

const text = { type: 'string' };
const maybe = (schema: JsonSchema, rest: JsonSchema = {}): JsonSchema => ({
  anyOf: [schema, { type: 'null' }],
  ...rest,
});
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const uuid = { type: 'string', format: 'uuid' };
const datetime = { type: 'string', format: 'date-time' };
const flag = { type: 'boolean' };
const int = { type: 'integer' };
const dict = { type: 'object', additionalProperties: true };
const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const off = { ...flag, default: false };

function model(properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema {
  return { type: 'object', properties, required };
}

const schemas: Record<string, JsonSchema> = {
  AccessTypeEnum: { type: 'string', enum: ['PRIVATE', 'PUBLIC'] },
  FlowCreate: model(
    {
      name: text,
      description: maybe(text),
      icon: maybe(text),
      icon_bg_color: maybe(text),
      gradient: maybe(text),
      data: maybe(dict),
      is_component: maybe(flag, { default: false }),
      updated_at: maybe(datetime),
      webhook: maybe(flag, { default: false }),
      endpoint_name: maybe(text),
      tags: maybe(list(text)),
      locked: { type: ['boolean', 'null'], default: false },
      access_type: { ...ref('AccessTypeEnum'), default: 'PRIVATE' },
      user_id: maybe(uuid),
      folder_id: { type: ['string', 'null'], format: 'uuid' },
    },
    'name',
  ),
  FlowUpdate: model({
    name: maybe(text),
    folder_id: maybe(uuid),
    locked: maybe(flag),
    access_type: maybe(ref('AccessTypeEnum')),
  }),
  FlowListCreate: model({ flows: list(ref('FlowCreate')) }, 'flows'),
  ApiKeyCreate: model({
    name: maybe(text),
    total_uses: { ...int, default: 0 },
    is_active: { ...flag, default: true },
    api_key: maybe(text),
    created_at: {},
  }),
  VariableCreate: model(
    { name: text, value: text, default_fields: maybe(list(text)), type: maybe(text), created_at: maybe(datetime) },
    'name',
    'value',
    'default_fields',
  ),
  UserUpdate: model({
    profile_image: maybe(text),
    is_active: maybe(flag),
    is_superuser: maybe(flag),
    last_login_at: maybe(datetime),
    optins: maybe(dict),
  }),
  Source: { ...model({ id: maybe(text) }), 'x-instance': true },
  Properties: {
    ...model({
      edited: off,
      source: ref('Source'),
      state: { ...text, enum: ['partial', 'complete'], default: 'complete' },
      targets: { type: 'array', items: {}, default: [] },
    }),
    'x-instance': true,
  },
  MessageUpdate: model({
    text: maybe(text),
    files: maybe(list(text)),
    edit: maybe(flag),
    properties: maybe(ref('Properties')),
  }),
  InputValue: {
    ...model({
      components: maybe(list(text), { default: [] }),
      input_value: maybe(text),
      type: maybe({ ...text, enum: ['chat', 'text', 'any'] }, { default: 'any' }),
      client_request_time: maybe(int),
    }),
    additionalProperties: false,
  },
  Tweaks: { type: 'object', additionalProperties: { anyOf: [text, dict] } },
  AdvancedRun: {
    ...model({
      inputs: maybe(list(ref('InputValue'))),
      outputs: maybe(list(text)),
      tweaks: maybe(ref('Tweaks')),
      stream: off,
      session_id: maybe(text),
    }),
    'x-embed': true,
  },
  Login: model(
    {
      grant_type: maybe({ ...text, pattern: '^password$' }),
      username: text,
      password: text,
      scope: { ...text, default: '' },
    },
    'username',
    'password',
  ),
  ComponentUpdate: model(
    {
      code: text,
      field: text,
      field_value: { anyOf: [text, int, { type: 'number' }, flag, dict, list({}), { type: 'null' }] },
      template: dict,
      tool_mode: off,
    },
    'code',
    'field',
    'template',
  ),
  ResponsesRequest: model(
    { model: text, input: text, stream: off, tools: maybe({ type: 'array', items: {} }), include: maybe(list(text)) },
    'model',
    'input',
  ),
};

export const document = {
  openapi: '3.1.0',
  components: { schemas, parameters: {}, responses: {}, securitySchemes: {} },
} as unknown as Document;

type OperationInput = Pick<Operation, 'parameters' | 'requestBody'>;

const parameter = (place: ParameterObject['in'], name: string, schema: JsonSchema): ParameterObject => ({
  name,
  in: place,
  required: place === 'path',
  schema,
});
const query = (name: string, schema: JsonSchema) => parameter('query', name, schema);
const path = (name: string, schema: JsonSchema = uuid) => parameter('path', name, schema);

function json(schema: JsonSchema, ...parameters: ParameterObject[]): OperationInput {
  return { parameters, requestBody: { required: true, content: { 'application/json': { schema } } } };
}

export const operations: Record<string, OperationInput> = {
  createFlow: json(ref('FlowCreate')),
  createFlows: json(ref('FlowListCreate')),
  listFlows: {
    parameters: [
      query('remove_example_flows', off),
      query('components_only', off),
      query('get_all', { ...flag, default: true }),
      query('folder_id', maybe(uuid)),
      query('header_flows', off),
      query('page', { ...int, minimum: 1, default: 1 }),
      query('size', { ...int, minimum: 1, maximum: 100, default: 50 }),
    ],
  },
  readFlow: { parameters: [path('flow_id')] },
  deleteFlows: json(list(uuid)),
  updateFlow: json(ref('FlowUpdate'), path('flow_id')),
  createApiKey: json(ref('ApiKeyCreate')),
  createVariable: json(ref('VariableCreate')),
  updateUser: json(ref('UserUpdate'), path('user_id')),
  updateMessage: json(ref('MessageUpdate'), path('message_id')),
  runFlowAdvanced: { ...json(ref('AdvancedRun'), path('flow_id_or_name', text)) },
  login: {
    parameters: [],
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: ref('Login') } } },
  },
  listComponents: {
    parameters: [
      query('private', maybe(flag)),
      query('tags', maybe(list(text))),
      query('liked', off),
      query('page', { ...int, default: 1 }),
    ],
  },
  updateComponent: json(ref('ComponentUpdate')),
  createResponse: json(ref('ResponsesRequest')),
};
