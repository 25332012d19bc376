import { isoNaive } from '../clock.ts';
import { encrypt } from '../fernet.ts';
import { viewOf } from '../json.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, type JsonResponse, respond } from '../operation.ts';
import type { VariableRow } from '../store/tables.ts';

type Variable = JsonResponse<'updateVariable'>;

/** Facts of a profile about variables (`facts` in spec/profiles). */
interface VariableFacts {
  /**
   * Whether the response to a write has the encrypted value, and the list only values of Generic variables (VARS-012,
   * VARS-014).
   */
  encryptedInAnswer: boolean;
  valueSurvivesUpdate: boolean;
  typeCanChange: boolean;
}

const factsOf = (mock: Mock): VariableFacts => mock.spec.facts['variables'] as VariableFacts;

const CREDENTIAL = 'Credential';
const GENERIC = 'Generic';

const variableWith = (row: VariableRow, value: string | null, more: object = {}): Variable => {
  const { id, name, type, default_fields } = row;
  return { id, name, type: type as string, value, default_fields, ...more };
};

const NOT_CHECKED = { validation_error: null, is_valid: null };

// The value of a Credential is masked everywhere (VARS-003).
const toVariableWithoutChecks = viewOf((row: VariableRow) =>
  variableWith(row, row.type === GENERIC ? row.value : null),
);
const toWireVariable = viewOf((row: VariableRow) =>
  variableWith(row, row.type === CREDENTIAL ? null : row.value, NOT_CHECKED),
);

function toWrittenVariable(row: VariableRow, mock: Mock): Variable {
  if (!factsOf(mock).encryptedInAnswer) return toWireVariable(row);
  return variableWith(row, row.type === CREDENTIAL ? null : encrypt(row.value, mock.secret, mock.clock));
}

function emptyFieldError(name: string, value: string): string | undefined {
  if (!name && !value) return 'Variable name and value cannot be empty';
  if (!name) return 'Variable name cannot be empty';
  return value ? undefined : 'Variable value cannot be empty';
}

export const variableRoutes = {
  createVariable: ({ body, user, fail }, mock) => {
    const { name, value } = body;
    const empty = emptyFieldError(name, value);
    if (empty) fail(400, empty);
    if (mock.store.variables.find({ user_id: user.id, name })) fail(400, 'Variable name already exists');
    const now = isoNaive(mock.clock.now());
    const row = {
      id: mock.clock.uuid(),
      name,
      value,
      type: body.type || CREDENTIAL,
      default_fields: body.default_fields ?? [],
      user_id: user.id,
      created_at: now,
      updated_at: now,
    };
    return respond(201, { json: toWrittenVariable(mock.store.variables.insert(row), mock) });
  },

  listVariables: ({ user }, mock) =>
    mock.store.variables
      .all({ user_id: user.id })
      .map(factsOf(mock).encryptedInAnswer ? toVariableWithoutChecks : toWireVariable),

  updateVariable: ({ params, body, user, fail }, mock) => {
    const { variables } = mock.store;
    const before = variables.find({ id: params.variable_id, user_id: user.id });
    if (!before) return fail(404, 'Variable not found');
    if (body.name === null) fail(500, 'NOT NULL constraint failed: variable.name');
    // The id of the body replaces the variable's own (VARS-038).
    if (body.id !== before.id && variables.get(body.id)) fail(500, 'UNIQUE constraint failed: variable.id');
    const row = { ...before, ...changesOf(body, mock), id: body.id, updated_at: isoNaive(mock.clock.now()) };
    if (body.id === before.id) return toWrittenVariable(variables.update(before.id, row), mock);
    mock.store.delete('variables', before.id);
    return toWrittenVariable(variables.insert(row), mock);
  },

  // 500 for an unknown variable and for that of another user, as on Langflow 1.7.3 (VARS-052, VARS-053).
  deleteVariable: ({ params, user, fail }, { store }) => {
    const row = store.variables.find({ id: params.variable_id, user_id: user.id });
    if (!row) return fail(500, `${params.variable_id} variable not found.`);
    store.delete('variables', row.id);
    return undefined;
  },
} satisfies Handlers;

/** The columns of an update. Up to 1.7 an absent value becomes empty and the type stays (VARS-032, VARS-034). */
function changesOf(
  body: { name?: string | null; value?: string | null; default_fields?: string[] | null; type?: string | null },
  mock: Mock,
): Partial<VariableRow> {
  const { valueSurvivesUpdate, typeCanChange } = factsOf(mock);
  const value = body.value ?? undefined;
  return {
    ...(body.name != null && { name: body.name }),
    ...(value !== undefined || !valueSurvivesUpdate ? { value: value ?? '' } : {}),
    ...(body.default_fields !== undefined && { default_fields: body.default_fields }),
    ...(typeCanChange && body.type != null && { type: body.type }),
  };
}
