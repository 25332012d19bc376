import { createHash } from 'node:crypto';
import type { Component } from '../fixtures/build-flow.ts';
import { componentWith, MOODY, SHOUTER } from './support/components.ts';
import type { Template } from './support/flow-lists.ts';
import { call, catalogue, expect, requirement } from './support/index.ts';

/** The response for code that defines a component. */
async function built(code: string, node?: Record<string, unknown>) {
  const { body } = await call('buildCustomComponent', {
    body: { code, ...(node && { frontend_node: node }) },
  }).expectStatus(200);
  return { ...body, data: { ...body.data, template: body.data.template as Template } };
}

/** The detail of the error. */
async function detailOf(code: string): Promise<string> {
  const { detail } = (await call('buildCustomComponent', { body: { code }, valid: true }).expectStatus(400)).body;
  return typeof detail === 'object' ? detail.error : expect.fail(`no error is told: ${detail}`);
}

/** The component with one place of its code changed. */
function changed(from: string, to: string): string {
  if (!SHOUTER.includes(from)) throw new Error(`The component has no ${from}`);
  return SHOUTER.replace(from, to);
}

requirement('CUSTOM-001', async () => {
  const { data } = await built(SHOUTER);
  expect(data).toMatchObject({
    display_name: 'Shouter',
    description: 'Says it louder.',
    icon: 'megaphone',
    documentation: 'https://example.org/shouter',
  });
  const switches = {
    priority: 3,
    minimized: false,
    beta: false,
    legacy: false,
    frozen: false,
    pinned: false,
    edited: false,
    tool_mode: false,
  };
  expect(data).toMatchObject({ ...switches, custom_fields: {}, output_types: [], conditional_paths: [] });
  const lines = [
    'beta = True',
    'legacy = True',
    'minimized = True',
    'replacement = ["input_output.ChatInput"]',
    'conditional_paths = ["yes"]',
  ];
  expect((await built(componentWith(...lines))).data).toMatchObject({
    display_name: 'Component',
    beta: true,
    legacy: true,
    minimized: true,
    replacement: ['input_output.ChatInput'],
    conditional_paths: ['yes'],
  });
});

requirement('CUSTOM-002', async () => {
  const { template } = (await built(SHOUTER)).data;
  expect(template).toMatchObject({
    text: {
      name: 'text',
      type: 'str',
      _input_type: 'MessageTextInput',
      display_name: 'Text',
      info: 'What to say.',
      value: '',
      input_types: ['Message'],
    },
    times: { name: 'times', type: 'int', _input_type: 'IntInput', value: 2, advanced: true, required: false },
    polite: { name: 'polite', type: 'bool', _input_type: 'BoolInput', value: false, advanced: false, info: '' },
    tone: {
      name: 'tone',
      type: 'str',
      _input_type: 'DropdownInput',
      options: ['calm', 'loud'],
      value: 'loud',
      real_time_refresh: true,
      combobox: false,
    },
    code: { name: 'code', type: 'code', value: SHOUTER, required: true, show: true, advanced: true, multiline: true },
  });
  expect(template.text).toMatchObject({
    tool_mode: true,
    required: true,
    show: true,
    list: false,
    load_from_db: false,
    placeholder: '',
  });
  expect(Object.keys(template)).toHaveLength(6);
});

requirement('CUSTOM-003', async () => {
  const { data } = await built(SHOUTER);
  const rest = {
    value: '__UNDEFINED__',
    cache: true,
    tool_mode: true,
    hidden: null,
    allows_loop: false,
    group_outputs: false,
    required_inputs: null,
    options: null,
    loop_types: null,
  };
  expect(data.outputs).toEqual([
    { ...rest, name: 'loud', display_name: 'Loud', method: 'shout', types: ['Message'], selected: 'Message' },
    { ...rest, name: 'data', display_name: 'As data', method: 'as_data', types: ['Data'], selected: 'Data' },
  ]);
  expect(data.base_classes).toEqual(['Data', 'Message']);
  const returns = [
    ['str', 'Text'],
    ['int', 'int'],
    ['list[dict]', 'dict'],
    ['"Output"', 'Output'],
    ['dict[str, int]', 'dict'],
    ['None', 'NoneType'],
  ];
  const outputs = returns.map((_, index) => `Output(name="o${index}", method="m${index}")`);
  const methods = returns.map(([type], index) => `def m${index}(self) -> ${type}: pass`);
  const other = (await built(componentWith(`outputs = [${outputs.join(', ')}]`, ...methods))).data;
  expect(other.outputs.map(({ types }: { types: string[] }) => types)).toEqual(returns.map(([, type]) => [type]));
  expect(other.outputs[0]).toMatchObject({ name: 'o0', display_name: 'o0' });
});

requirement('CUSTOM-004', async () => {
  expect((await built(SHOUTER)).data.field_order).toEqual(['text', 'times', 'polite', 'tone']);
  expect((await built(componentWith('pass'))).data.field_order).toEqual([]);
});

requirement('CUSTOM-005', async () => {
  expect((await built(SHOUTER)).type).toBe('ShouterComponent');
  expect((await built(componentWith('pass'))).type).toBe('Made');
});

requirement('CUSTOM-006', async () => {
  const code = `import json\nimport httpx\n${componentWith('display_name = "My 2nd  Try!"')}`;
  const { module, code_hash, dependencies } = (await built(code)).data.metadata;
  expect(module).toBe('custom_components.my_2nd_try');
  expect(code_hash).toBe(createHash('sha256').update(code).digest('hex').slice(0, 12));
  expect(dependencies).toMatchObject({ total_dependencies: 2, dependencies: expect.any(Array) });
  const { dependencies: list } = dependencies as { dependencies: { name: string }[] };
  const named = list.map(({ name }) => name);
  expect(named.sort()).toEqual(['httpx', 'lfx']);
});

requirement('CUSTOM-007', async () => {
  for (const [code, message] of [
    [`${SHOUTER}\nx = (`, "'(' was never closed"],
    [componentWith('def f(self)', '    return 1'), "expected ':'"],
  ] as const)
    expect(await detailOf(code)).toContain(message);
});

requirement('CUSTOM-008', async () => {
  for (const code of ['x = 1', 'class Shouter:\n    pass', 'class Shouter(dict):\n    pass', 'def Component(): pass'])
    expect(await detailOf(code)).toMatch(/No Component subclass found/);
});

requirement('CUSTOM-009', async () => {
  expect(await detailOf(`import no_such_module\n${SHOUTER}`)).toContain('no_such_module');
  expect(await detailOf(`from no_such_module import thing\n${SHOUTER}`)).toContain('no_such_module');
  expect(await detailOf(changed('import BoolInput,', 'import NoSuchInput, BoolInput,'))).toContain('NoSuchInput');
});

requirement('CUSTOM-010', async () => {
  expect(await detailOf('class Shouter(Component):\n    pass')).toContain("'Component'");
  expect(await detailOf(changed('value=2', 'value=undefined_number'))).toContain("'undefined_number'");
  expect(await detailOf(changed('-> Message', '-> UndefinedType'))).toContain("'UndefinedType'");
  expect(await detailOf(changed('IntInput(name', 'UndefinedInput(name'))).toContain("'UndefinedInput'");
});

requirement('CUSTOM-011', async () => {
  expect(await detailOf(changed('advanced=True', 'no_such_attribute=True'))).toContain(
    'Extra inputs are not permitted',
  );
  expect(await detailOf(changed('name="times", ', ''))).toContain('Field required');
  expect(await detailOf(changed('value=2', 'value="two"'))).toContain('Invalid value type');
  expect(await detailOf(changed('options=["calm", "loud"]', 'options="calm"'))).toContain('valid list');
});

requirement('CUSTOM-012', async () => {
  expect(await detailOf(changed(', method="shout"', ''))).toContain('Output loud does not have a method');
  expect(await detailOf(changed('method="shout"', 'method="no_such_method"'))).toMatch(/^Error building Component/);
  expect(await detailOf(changed('name="loud"', 'name="text"'))).toContain('overlapping names');
});

requirement('CUSTOM-013', async () => {
  const code = `${SHOUTER.replace('class Shouter', 'class Helper:\n    pass\n\n\nclass Shouter')}\n\nclass Second(Component):\n    display_name = "Second"\n`;
  const { data, type } = await built(code);
  expect({ type, display_name: data.display_name }).toEqual({ type: 'ShouterComponent', display_name: 'Shouter' });
});

/** A node with changes of a user. */
async function used() {
  const { data } = await built(SHOUTER);
  Object.assign(data.template['times'] ?? {}, { value: 9 });
  Object.assign(data.template['text'] ?? {}, { value: 'SPEECH', load_from_db: true });
  return Object.assign(data, { display_name: 'Renamed', description: 'Told anew.' });
}

requirement('CUSTOM-014', async () => {
  const node = await used();
  const { template } = (await built(SHOUTER, node)).data;
  expect(template.times).toMatchObject({ value: 9, advanced: true, load_from_db: false });
  expect(template.text).toMatchObject({ value: 'SPEECH', load_from_db: true });
  expect(template['tone']?.value).toBe('loud');
  Object.assign(node.template['times'] ?? {}, { type: 'str' });
  Object.assign(node.template, { gone: { type: 'str', value: 'x' } });
  const other = (await built(SHOUTER, node)).data.template;
  expect(other['times']?.value).toBe(2);
  expect(other).not.toHaveProperty('gone');
});

requirement('CUSTOM-015', async () => {
  const node = await used();
  expect((await built(SHOUTER, node)).data).toMatchObject({
    edited: false,
    display_name: 'Renamed',
    description: 'Told anew.',
  });
  const edited = await built(changed('louder', 'LOUDER'), node);
  expect(edited.data).toMatchObject({
    edited: true,
    display_name: 'Shouter',
    description: 'Says it LOUDER.',
    template: { times: { value: 9 } },
  });
  expect((await built(SHOUTER, { ...node, edited: true })).data).toMatchObject({
    edited: true,
    display_name: 'Shouter',
  });
});

requirement('CUSTOM-016', async () => {
  for (const [code, node] of [
    [changed('priority = 3', 'tool_mode = True'), undefined],
    [SHOUTER, { ...(await used()), tool_mode: true }],
  ] as const) {
    const { data } = await built(code, node);
    expect(data.tool_mode).toBe(true);
    expect(data.outputs).toHaveLength(1);
    expect(data.outputs[0]).toMatchObject({
      name: 'component_as_tool',
      types: ['Tool'],
      selected: 'Tool',
      method: 'to_toolkit',
    });
    const { tools_metadata } = data.template;
    expect(tools_metadata).toMatchObject({ name: 'tools_metadata', type: 'tools' });
    const args = { text: { type: 'string', title: 'Text', description: 'What to say.' } };
    expect(tools_metadata?.value).toEqual(
      ['shout', 'as_data'].map((name) =>
        expect.objectContaining({ name, tags: [name], description: 'Says it louder.', status: true, args }),
      ),
    );
  }
  expect((await built(SHOUTER)).data.template).not.toHaveProperty('tools_metadata');
});

requirement('CUSTOM-017', async () => {
  const known: Record<string, Component> = Object.assign({}, ...Object.values(await catalogue()));
  for (const type of ['TextInput', 'ChatOutput']) {
    const component = known[type] ?? expect.fail(`the catalogue has no ${type}`);
    const { data, type: named } = await built(String((component.template['code'] as { value?: unknown }).value));
    expect(named).toBe(type);
    expect(Object.keys(data.template).sort()).toEqual(Object.keys(component.template).sort());
    for (const key of ['display_name', 'base_classes', 'field_order', 'icon'] as const)
      expect(data[key], key).toEqual(component[key]);
    const shortly = (outputs: { name: string; types: string[]; method?: unknown }[]) =>
      outputs.map(({ name, method, types }) => ({ name, method, types }));
    expect(shortly(data.outputs)).toEqual(shortly(component.outputs));
  }
});

requirement('CUSTOM-018', async () => {
  expect(await detailOf(`from json import *\n${SHOUTER}`)).toContain('json.*');
});

requirement('CUSTOM-042', async () => {
  const missing = {
    'from lfx.nope import Nope': "No module named 'lfx.nope'",
    'from lfx.schema.nope import Nope': "No module named 'lfx.schema.nope'",
    'import lfx.schema.nope': "No module named 'lfx.schema.nope'",
    'from lfx.schema.data.nope import Nope':
      "No module named 'lfx.schema.data.nope'; 'lfx.schema.data' is not a package",
    // Python looks for it in lfx last.
    'from langflow.services.nope import Nope': "No module named 'lfx.services.nope'",
    'import langflow.nope': "No module named 'langflow.nope'",
  };
  for (const [line, error] of Object.entries(missing))
    expect(await detailOf(`${line}\n${SHOUTER}`), line).toContain(error);
  for (const line of [
    'from lfx.schema.data import Data',
    'from langflow.schema.message import Message',
    'import lfx.schema',
  ])
    expect((await built(`${line}\n${SHOUTER}`)).data.display_name, line).toBe('Shouter');
});

requirement('CUSTOM-019', async () => {
  const response = await call('buildCustomComponent', {
    body: { code: SHOUTER, frontend_node: { template: {}, display_name: 'x' } },
    valid: true,
  }).expectStatus(500);
  expect(response.body).toEqual({ message: expect.stringContaining('code') });
  await built(MOODY, { template: {} });
});
