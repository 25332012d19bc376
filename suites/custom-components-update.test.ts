import type { BodyOf } from '../spec/operations.ts';
import { MOODY, SHOUTER } from './support/components.ts';
import { componentOf, type Template } from './support/flow-lists.ts';
import { call, expect, given, requirement, uniqueName } from './support/index.ts';

/** The node of the component. */
const fresh = async () => {
  const { data } = (await call('buildCustomComponent', { body: { code: SHOUTER } }).expectStatus(200)).body;
  return { ...data, template: data.template as Template };
};

interface Change {
  code?: string;
  field?: string;
  value?: BodyOf<'rebuildCustomComponent'>['field_value'];
  template?: Record<string, unknown>;
  tool_mode?: boolean;
}

const change = ({ code = SHOUTER, field = 'tone', value = 'calm', template = {}, tool_mode }: Change) =>
  call('rebuildCustomComponent', {
    body: { code, field, field_value: value, template, ...(tool_mode !== undefined && { tool_mode }) },
    valid: true,
  });

/** The node after a change that succeeds. */
const updated = async (asked: Change) => {
  const { body } = await change(asked).expectStatus(200);
  return { ...body, template: body.template as Template };
};
const detailOf = async (asked: Change): Promise<string> => String((await change(asked).expectStatus(400)).body.detail);

requirement('CUSTOM-030', async () => {
  const { template } = await fresh();
  for (const [field, value] of [
    ['tone', 'calm'],
    ['times', 5],
    ['polite', true],
    ['tone', null],
    ['text', ['a', 'list']],
  ] as [string, Change['value']][])
    expect((await updated({ field, value, template })).template).toEqual({
      ...template,
      [field]: { ...template[field], value },
    });
});

requirement('CUSTOM-031', async () => {
  const { template, ...node } = await fresh();
  const response = await updated({ template: { tone: { ...template.tone, options: ['x'] }, code: template.code } });
  const { template: other, ...rest } = response;
  expect(rest).toEqual(node);
  expect(Object.keys(other)).toEqual(['tone', 'code']);
});

requirement('CUSTOM-032', async () => {
  const { template } = await fresh();
  for (const tone of ['calm', 'loud']) {
    const { template: now } = await updated({ code: MOODY, value: tone, template });
    expect(now['times']?.show).toBe(tone === 'loud');
    expect(now['polite']?.info).toBe(`The tone is ${tone}.`);
    expect(now['tone']?.value).toBe('loud');
  }
  expect((await updated({ code: MOODY, field: 'times', value: 3, template })).template).toEqual(template);
});

requirement('CUSTOM-033', async () => {
  const { template } = await fresh();
  expect(await detailOf({ code: MOODY, value: 'boom', template })).toBe('no booms, please');
  await updated({ code: MOODY, value: 'calm', template });
});

requirement('CUSTOM-034', async () => {
  const { template } = await fresh();
  const { outputs } = await updated({ code: MOODY, value: 'calm', template });
  expect(outputs).toHaveLength(1);
  expect(outputs[0]).toMatchObject({
    name: 'quiet',
    display_name: 'Quiet',
    method: 'shout',
    types: ['Message'],
    selected: 'Message',
  });
  expect(
    (await updated({ code: MOODY, value: 'loud', template })).outputs.map(({ name }: { name: string }) => name),
  ).toEqual(['loud', 'data']);
});

requirement('CUSTOM-035', async () => {
  const { template } = await fresh();
  for (const asked of [{ tool_mode: true }, { field: 'tool_mode', value: true }]) {
    const node = await updated({ ...asked, template });
    expect(node.tool_mode).toBe(true);
    expect(node.outputs.map(({ name }) => name)).toEqual(['component_as_tool']);
    expect(node.template['tools_metadata']?.value).toMatchObject([{ name: 'shout' }, { name: 'as_data' }]);
  }
  const back = await updated({
    field: 'tool_mode',
    value: false,
    template: { ...template, tools_metadata: { value: [] } },
  });
  expect(back.tool_mode).toBe(false);
  expect(back.template).not.toHaveProperty('tools_metadata');
  expect(back.outputs.map(({ name }) => name)).toEqual(['loud', 'data']);
});

requirement('CUSTOM-036', async () => {
  const { template } = await fresh();
  expect(await detailOf({ code: 'x = (', template })).toContain('was never closed');
  expect(await detailOf({ code: 'class A: pass', template })).toContain('No Component subclass found');
});

requirement('CUSTOM-037', async () => {
  const { template } = await fresh();
  const withTimes = (value: unknown) => ({ ...template, times: { ...template.times, value } });
  expect(await detailOf({ template: withTimes('many') })).toContain("'many'");
  for (const value of ['7', '', null])
    expect((await updated({ template: withTimes(value) })).template['times']?.value).toBe(value);
});

requirement('CUSTOM-038', async () => {
  const { template } = await fresh();
  const name = uniqueName('speech').replaceAll(/[ -]/g, '_');
  const loaded = { ...template, text: { ...template.text, value: name, load_from_db: true } };
  expect(await detailOf({ template: loaded })).toContain(name);
  await given.variable({ name, value: 'told by a variable', type: 'Generic' });
  expect((await updated({ template: loaded })).template.text).toEqual(loaded.text);
});

requirement('CUSTOM-039', async () => {
  const { template } = await fresh();
  const { code, ...rest } = template;
  for (const given of [rest, { ...rest, code: { ...code, value: '' } }]) {
    const { template: now } = await updated({ template: given });
    expect(now.code).toMatchObject({ name: 'code', type: 'code', value: SHOUTER });
  }
});

requirement('CUSTOM-040', async () => {
  const { template } = await fresh();
  expect((await updated({ field: 'no_such_field', value: 'x', template })).template).toEqual(template);
});

requirement('CUSTOM-041', async () => {
  const { template } = await fresh();
  const node = await updated({ value: 'calm', template });
  const nodes = [
    {
      id: 'Shouter-made1',
      type: 'genericNode',
      position: { x: 0, y: 0 },
      data: { id: 'Shouter-made1', type: 'ShouterComponent', node },
    },
  ];
  const flow = await given.flow({ data: { nodes, edges: [] } });
  const { body } = await call('readFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  expect(componentOf(body)).toEqual(node);
});
