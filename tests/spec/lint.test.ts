import { describe, expect, test } from 'vitest';
import { compiledSpec } from '../../spec/index.ts';
import { type JsonObject, valueAt } from '../../spec/json.ts';
import { lintCompiled } from '../../spec/lint.ts';
import { nextId } from '../../spec/next-id.ts';

const FLOW = '/paths/~1api~1v1~1flows~1{flow_id}/get';

/** The problems of the contract after a change of one object. */
async function problemsOf(pointer: string, change: (object: JsonObject) => void): Promise<string[]> {
  const source = structuredClone(await compiledSpec('1.7'));
  change(valueAt(source.document, pointer) as JsonObject);
  return lintCompiled(source);
}

describe('a mistake in a part is named with its file and its place', () => {
  test.for<[what: string, pointer: string, change: (object: JsonObject) => void, problem: string]>([
    [
      'a key that nothing reads',
      '/components/schemas/Flow',
      (schema) => Object.assign(schema, { propertis: {} }),
      'spec/schemas/flows.yaml: /components/schemas/Flow has the key propertis, which nothing reads',
    ],
    [
      'a type that is none',
      '/components/schemas/FlowAccessType',
      (schema) => Object.assign(schema, { type: 'strin' }),
      'spec/schemas/flows.yaml: /components/schemas/FlowAccessType/type is strin, which is no type',
    ],
    [
      'a ref that leads nowhere',
      `${FLOW}/responses`,
      (responses) => Object.assign(responses, { 404: { $ref: '#/components/responses/NotFond' } }),
      `spec/paths/flows.yaml: ${FLOW}/responses/404 refers to #/components/responses/NotFond, which does not exist`,
    ],
    [
      'a parameter of the path that is not declared',
      '/paths/~1api~1v1~1flows~1{flow_id}',
      (item) => Object.assign(item, { parameters: [] }),
      'spec/paths/flows.yaml: readFlow does not declare its path parameter flow_id',
    ],
    [
      'an operation without a response',
      FLOW,
      (operation) => Object.assign(operation, { responses: {} }),
      'spec/paths/flows.yaml: readFlow declares no success',
    ],
    [
      'a parameter that stands nowhere',
      '/paths/~1api~1v1~1flows~1/get/parameters/0',
      (parameter) => Object.assign(parameter, { in: 'qery' }),
      'spec/paths/flows.yaml: /paths/~1api~1v1~1flows~1/get/parameters/0/in must be equal to one of the allowed values',
    ],
    [
      'an example that is not valid',
      `${FLOW}/responses/200/content/application~1json`,
      (media) => Object.assign(media, { example: {} }),
      expect.stringMatching(
        /^spec\/paths\/flows\.yaml: an example of readFlow 200 \(application\/json\) is not valid: .*required/,
      ),
    ],
  ])('%s', async ([, pointer, change, problem]) => {
    expect(await problemsOf(pointer, change)).toContainEqual(problem);
  });
});

test('an operation without a requirement is an error that names the next free id', async () => {
  const source = structuredClone(await compiledSpec('1.7'));
  for (const requirement of source.requirements) {
    if (Array.isArray(requirement.operations))
      requirement.operations = requirement.operations.filter((id) => id !== 'readFlow');
  }
  const free = nextId(source.requirements, 'FLOWS');
  expect(await lintCompiled(source)).toEqual([
    `spec/paths/flows.yaml: readFlow has no requirement; the next free id is ${free}`,
  ]);
});

test('the next free id follows the last one, whatever is missing before', () => {
  expect(nextId([{ id: 'FLOWS-001' }, { id: 'FLOWS-009' }, { id: 'FLOWSX-100' }], 'FLOWS')).toBe('FLOWS-010');
  expect(nextId([], 'NEWS')).toBe('NEWS-001');
});
