import type { Schema } from '../spec/operations.ts';
import { call, expect, given, requirement } from './support/index.ts';
import { firstMessage, givenFlow, run } from './support/runs.ts';

/** The errors that validation returns for code. */
async function errorsOf(code: string): Promise<{ imports: string[]; functions: string[] }> {
  const { body } = await call('validateCode', { body: { code } }).expectStatus(200);
  return { imports: body.imports.errors, functions: body.function.errors };
}

const NONE = { imports: [], functions: [] };

requirement('VALIDATE-001', async () => {
  for (const code of [
    '',
    '# nothing but a comment',
    'import json\nfrom os import path\n\n\ndef shout(text: str, times: int = 2) -> str:\n    return text.upper() * times\n',
    'class Box:\n    size = 3\n\n    async def open(self):\n        return self.size\n',
    'match 1:\n    case 1 | 2:\n        total = f"{1 + 1:>4}"\n',
  ])
    expect(await errorsOf(code), code).toEqual(NONE);
});

/** Code that does not parse, with the message of Python 3.11. */
const UNPARSABLE: [code: string, message: string, line: number][] = [
  ['x = (1', "'(' was never closed", 1],
  ['def f(:\n    pass', 'invalid syntax', 1],
  ['x = 1\nif x\n    y = 2', "expected ':'", 2],
  ['\n\nprint "x"', "Missing parentheses in call to 'print'. Did you mean print(...)?", 3],
  ['if True:\nx = 1', "expected an indented block after 'if' statement on line 1", 2],
  [' x = 1', 'unexpected indent', 1],
  ["x = 'abc", 'unterminated string literal (detected at line 1)', 1],
  ['import nothing_at_all\n1 = x', "cannot assign to literal here. Maybe you meant '==' instead of '='?", 2],
  ["f'{a b}'", 'f-string: invalid syntax. Perhaps you forgot a comma?', 1],
];

requirement('VALIDATE-002', async () => {
  for (const [code, , line] of UNPARSABLE) {
    const { imports, functions } = await errorsOf(code);
    expect(imports, code).toEqual([]);
    expect(functions, code).toHaveLength(1);
    expect(functions[0]).toMatch(new RegExp(`line ${line}\\)$`));
  }
});

requirement('VALIDATE-003', async () => {
  for (const [code, message, line] of UNPARSABLE)
    expect((await errorsOf(code)).functions).toEqual([`${message} (<unknown>, line ${line})`]);
});

requirement('VALIDATE-004', async () => {
  const { imports, functions } = await errorsOf(
    'import json, no_such_b\nimport no_such_a.part\nimport os.path\nimport json.no_such_part\n',
  );
  expect(imports).toEqual([
    expect.stringContaining('no_such_b'),
    expect.stringContaining('no_such_a'),
    expect.stringContaining('json.no_such_part'),
  ]);
  expect(functions).toEqual([]);
});

requirement('VALIDATE-005', async () => {
  expect(
    await errorsOf(
      'from no_such_module import thing\nfrom json import no_such_thing\n\n\ndef f():\n    import no_such_module\n',
    ),
  ).toEqual(NONE);
});

requirement('VALIDATE-006', async () => {
  const code = [
    '@undefined_decorator\ndef decorated(): pass',
    'def defaulted(x=undefined_default): pass',
    'def fine(): pass',
    'def keyworded(*, x=undefined_keyword): pass',
    'def annotated(x: undefined_annotation): pass',
    'def returning() -> undefined_return: pass',
  ].join('\n');
  const { imports, functions } = await errorsOf(code);
  expect(imports).toEqual([]);
  const names = [
    'undefined_decorator',
    'undefined_default',
    'undefined_keyword',
    'undefined_annotation',
    'undefined_return',
  ];
  expect(functions).toEqual(names.map((name) => expect.stringContaining(`'${name}'`)));
});

requirement('VALIDATE-007', async () => {
  const names = [
    'Any',
    'Component',
    'Data',
    'DataFrame',
    'Dict',
    'HandleInput',
    'List',
    'Message',
    'Optional',
    'Output',
    'TabInput',
    'Union',
  ];
  expect(
    await errorsOf(
      `def f(${names.map((name) => `a${name}: ${name}`).join(', ')}, last: list[int] = len(range(2))) -> str: pass`,
    ),
  ).toEqual(NONE);
  const { functions } = await errorsOf(
    'import json\nfrom typing import Tuple\nlimit = 2\n\n\ndef f(x=json): pass\ndef g(x: Tuple): pass\ndef h(x=limit): pass\ndef i(x=f): pass',
  );
  expect(functions).toEqual(['json', 'Tuple', 'limit', 'f'].map((name) => expect.stringContaining(`'${name}'`)));
});

requirement('VALIDATE-008', async () => {
  const code =
    'undefined_statement()\nraise RuntimeError("run")\nclass Box(undefined_base):\n    1 / 0\nasync def f(x: undefined_annotation): pass\ndef g():\n    undefined_call()';
  expect(await errorsOf(code)).toEqual(NONE);
});

requirement('VALIDATE-009', async () => {
  for (const [code, message] of [
    ['def f():\n    break', "'break' outside loop"],
    ['def f(a, a): pass', "duplicate argument 'a'"],
    ['def f():\n    nonlocal missing', "no binding for nonlocal 'missing'"],
  ] as const) {
    const { body } = await call('validateCode', { body: { code } }).expectStatus(500);
    expect(body.detail).toContain(message);
  }
  expect(await errorsOf('def f():\n    while True:\n        break')).toEqual(NONE);
});

const NODE = {
  template: { _type: 'Component', template: { name: 'template', value: 'x' } },
  base_classes: ['Message'],
  custom_fields: { template: [] },
};

/** The response for a valid prompt in the field `template`. */
async function validated(template: string, node: Record<string, unknown> = {}, name = 'template') {
  const { body } = await call('validatePrompt', {
    body: { name, template, frontend_node: { ...NODE, ...node } },
  }).expectStatus(200);
  return { ...body, frontend_node: body.frontend_node ?? expect.fail('the node does not come back') };
}
const expectRefused = (template: string) =>
  call('validatePrompt', { body: { name: 'template', template, frontend_node: NODE }, valid: true }).expectStatus(500);

requirement('VALIDATE-010', async () => {
  expect((await validated('{b} and {a}, then {b} and {_c1} and {é}')).input_variables).toEqual(['b', 'a', '_c1', 'é']);
  expect((await validated('no variable')).input_variables).toEqual([]);
  expect((await validated('{}')).input_variables).toEqual([]);
});

requirement('VALIDATE-011', async () => {
  expect((await validated('{{no}} {yes} {{{both}}} {{"a": {inner}}}')).input_variables).toEqual([
    'yes',
    'both',
    'inner',
  ]);
  expect((await validated('{a!r} {b:>10} {c!s:{width}}')).input_variables).toEqual(['a', 'b', 'c']);
});

const FIELD = {
  type: 'str',
  value: '',
  input_types: ['Message'],
  show: true,
  required: false,
  list: false,
  multiline: true,
  advanced: false,
  load_from_db: false,
};

requirement('VALIDATE-012', async () => {
  const { frontend_node } = await validated('{a} {b}');
  for (const name of ['a', 'b'])
    expect(frontend_node.template[name]).toMatchObject({ ...FIELD, name, display_name: name });
  expect(Object.keys(frontend_node.template)).toEqual(['_type', 'template', 'a', 'b']);
});

requirement('VALIDATE-013', async () => {
  expect((await validated('{a} {b}')).frontend_node.custom_fields).toEqual({ template: ['a', 'b'] });
  expect((await validated('{a}', { custom_fields: { other: ['z'] } })).frontend_node.custom_fields).toEqual({
    other: ['z'],
    template: ['a'],
  });
  expect((await validated('{a}', { custom_fields: {} }, 'another')).frontend_node.custom_fields).toEqual({
    another: ['a'],
  });
});

requirement('VALIDATE-014', async () => {
  const first = (await validated('{a} {b}')).frontend_node;
  const { input_variables, frontend_node } = await validated('{b} {c}', first);
  expect(input_variables).toEqual(['b', 'c']);
  expect(frontend_node.custom_fields).toEqual({ template: ['b', 'c'] });
  expect(Object.keys(frontend_node.template).sort()).toEqual(['_type', 'b', 'c', 'template']);
});

requirement('VALIDATE-015', async () => {
  const template = {
    ...NODE.template,
    a: { name: 'a', type: 'int', value: 'kept', advanced: true, input_types: ['Data'] },
  };
  const { frontend_node } = await validated('{a}', { template });
  expect(frontend_node.template.a).toMatchObject({ ...FIELD, name: 'a', value: 'kept' });
  expect(frontend_node.template.template).toEqual(NODE.template.template);
});

requirement('VALIDATE-016', async () => {
  for (const node of [{}, { frontend_node: null }]) {
    const { body } = await call('validatePrompt', {
      body: { name: 'template', template: 'Hello {name}', ...node },
    }).expectStatus(200);
    expect(body).toEqual({ input_variables: [], frontend_node: null });
  }
});

const BAD_BRACES: [prompt: string, message: string][] = [
  ['{', "Single '{' encountered in format string"],
  ['a}', "Single '}' encountered in format string"],
  ['{a', "expected '}' before end of string"],
  ['{ {x} }', "unexpected '{' in field name"],
  ['{a:{b}', "unmatched '{' in format spec"],
  ['{a!rx}', "expected ':' after conversion specifier"],
];

requirement('VALIDATE-017', async () => {
  for (const [template] of BAD_BRACES) await expectRefused(template);
});

requirement('VALIDATE-022', async () => {
  for (const [template, detail] of BAD_BRACES) expect((await expectRefused(template)).body).toEqual({ detail });
});

requirement('VALIDATE-018', async () => {
  for (const name of ['a b', 'a.b', '1a', 'a[0]', 'a,b', 'a;b', 'a?', 'a/b', 'a\\b', '(a)', ' a ']) {
    const { body } = await expectRefused(`{fine} {${name}}`);
    expect(body.detail, name).toMatch(/^Error: Input variables contain invalid characters or formats/);
    expect(body.detail).toContain(name === '1a' ? '1' : name);
  }
  expect((await validated('{fine} {a-b}')).input_variables).toEqual(['fine', 'a-b']);
});

requirement('VALIDATE-019', async () => {
  for (const name of [
    'code',
    'input_variables',
    'output_parser',
    'partial_variables',
    'template',
    'template_format',
    'validate_template',
  ])
    expect((await expectRefused(`{fine} {${name}}`)).body.detail).toContain(name);
  expect((await validated('{Code}')).input_variables).toEqual(['Code']);
});

requirement('VALIDATE-020', async () => {
  const template = { ...NODE.template, input_variables: { name: 'input_variables', value: ['old'] } };
  const { frontend_node } = await validated('{a} {b}', { template });
  expect(frontend_node.template.input_variables).toEqual({ name: 'input_variables', value: ['a', 'b'] });
});

requirement('VALIDATE-021', async () => {
  const expected = {
    description: 'd',
    icon: 'i',
    documentation: 'x',
    field_order: ['template'],
    priority: 2,
    metadata: { keywords: ['k'] },
    tool_mode: true,
    beta: true,
  };
  const outputs = [{ name: 'prompt', method: 'build_prompt', types: ['Message'], selected: 'Message' }];
  const { frontend_node } = await validated('plain', {
    ...expected,
    display_name: '',
    name: 'Named',
    outputs,
    base_classes: ['Text', 'Data', 'Text', 'Message'],
  });
  const { template, ...rest } = frontend_node;
  expect(template).toEqual(NODE.template);
  const nothing = {
    is_input: null,
    is_output: null,
    is_composition: null,
    full_path: null,
    replacement: null,
    error: null,
  };
  const no = { minimized: false, pinned: false, frozen: false, legacy: false, edited: false };
  expect(rest).toEqual({
    ...expected,
    ...nothing,
    ...no,
    name: 'Named',
    display_name: 'Named',
    base_classes: ['Data', 'Message', 'Text'],
    custom_fields: { template: [] },
    output_types: [],
    conditional_paths: [],
    outputs: [{ ...outputs[0], ...OUTPUT, display_name: 'prompt' }],
  });
});

const OUTPUT = {
  hidden: null,
  value: '__UNDEFINED__',
  cache: true,
  required_inputs: null,
  allows_loop: false,
  loop_types: null,
  group_outputs: false,
  options: null,
  tool_mode: true,
};

requirement('VALIDATE-023', async () => {
  const { data } = await givenFlow('prompt');
  const holder = data.nodes.find(({ id }) => id === 'Prompt-prom2')?.data ?? expect.fail('the flow has no prompt');
  const template = 'Say {words} to {whom}.';
  Object.assign(holder.node.template['template'] as object, { value: template });
  const frontend_node = holder.node as unknown as Schema<'FrontendNode'>;
  const { body } = await call('validatePrompt', { body: { name: 'template', template, frontend_node } }).expectStatus(
    200,
  );
  Object.assign(body.frontend_node?.template['whom'] ?? {}, { value: 'the world' });
  Object.assign(holder, { node: body.frontend_node });
  const flow = await given.flow({ data });
  expect(firstMessage(await run(flow, { input_value: 'hello' })).text).toBe('Say hello to the world.');
});
