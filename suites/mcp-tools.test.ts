import { givenBroken } from './support/broken-graph.ts';
import { messages } from './support/conversation.ts';
import { call, expect, given, requirement, uniqueName } from './support/index.ts';
import { ask, request, type Tool, textsOf, toolCall } from './support/mcp.ts';
import { givenFlow } from './support/runs.ts';

const POST = 'sendMcpRequest';

const listed = async (as?: 'bob'): Promise<Tool[]> => (await ask(POST, request('tools/list'), as ? { as } : {})).tools;
const use = (name: string, input?: unknown, as?: 'bob') => ask(POST, toolCall(name, input), as ? { as } : {});

/** A name that is a valid tool name without changes: `flow_8f3a_1_7`. */
const toolName = (what = 'flow') => uniqueName(what).replaceAll(/[ -]/g, '_').toLowerCase();

/** The tools whose description has the flow's id. */
const of = (flow: { id: string }, tools: Tool[]) => tools.filter(({ description }) => description.startsWith(flow.id));

requirement('MCP-020', async () => {
  const [name, other] = [toolName(), toolName()];
  const echo = await givenFlow('echo', { name, description: 'Says it back' });
  await given.flow({ name: other, description: null });
  const tools = await listed();
  const [tool] = of(echo, tools);
  expect(tool).toEqual({
    name,
    description: `${echo.id}: Says it back`,
    inputSchema: {
      type: 'object',
      properties: { input_value: { type: 'string', description: expect.any(String) } },
      required: [],
    },
  });
  expect(tools.find((one) => one.name === other)).toEqual({
    name: other,
    description: `Tool generated from flow: ${other}`,
    inputSchema: { type: 'object', properties: {}, required: [] },
  });
});

requirement('MCP-021', async () => {
  const unique = toolName('x');
  const long = `${unique} ${'long '.repeat(10)}`;
  const names = [`Zażółć-Gęśl 😀! ${unique}`, `12 ${unique}`, `12!${unique}`, `12-${unique}`, long, `${long} again`];
  const flows = [];
  for (const name of names) flows.push(await given.flow({ name }));
  const tools = await listed();
  expect(flows.map((flow) => of(flow, tools)[0]?.name)).toEqual([
    `zazołc_gesl_${unique}`.slice(0, 30),
    `_12_${unique}`,
    `_12${unique}`,
    `_12_${unique}_1`,
    `${unique}_${'long_'.repeat(10)}`.slice(0, 30),
    `${`${unique}_${'long_'.repeat(10)}`.slice(0, 28)}_1`,
  ]);
});

requirement('MCP-022', async () => {
  const [before, after] = [toolName(), toolName()];
  const flow = await given.flow({ name: before });
  expect(of(flow, await listed()).map(({ name }) => name)).toEqual([before]);
  await call('updateFlow', { path: { flow_id: flow.id }, body: { name: after } }).expectStatus(200);
  expect(of(flow, await listed()).map(({ name }) => name)).toEqual([after]);
  await call('deleteFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  await expect.poll(async () => of(flow, await listed()), { timeout: 3000 }).toEqual([]);
});

requirement('MCP-023', async () => {
  const flow = await given.flow({ as: 'bob' });
  expect(of(flow, await listed())).toHaveLength(1);
});

requirement('MCP-024', async () => {
  const broken = await givenBroken((_data, _node, edge) => Object.assign(edge, { source: 'Nobody-1' }));
  const whole = await given.flow();
  const tools = await listed();
  expect(of(broken, tools)).toEqual([]);
  expect(of(whole, tools)).toHaveLength(1);
});

requirement('MCP-030', async () => {
  const name = toolName();
  const flow = await givenFlow('prompt', { name });
  expect(await use(name, 'hello')).toEqual({ content: [{ type: 'text', text: 'You said: hello' }], isError: false });
  await use(name, 'again');
  const kept = await messages({ flow_id: flow.id });
  expect(kept.map(({ text }) => text)).toEqual(['hello', 'You said: hello', 'again', 'You said: again']);
  expect(new Set(kept.map(({ session_id }) => session_id)).size).toBe(2);
  expect(kept[0]?.session_id).toBe(kept[1]?.session_id);
  const text = toolName();
  await givenFlow('text', { name: text });
  expect(textsOf(await use(text, 'not for it'))).toEqual(['a text of the flow']);
  const empty = toolName();
  await given.flow({ name: empty });
  expect(textsOf(await use(empty, 'hello'))).toEqual([]);
});

requirement('MCP-031', async () => {
  const name = toolName();
  await givenFlow('prompt', { name });
  expect(textsOf(await use(name))).toEqual(['You said: ']);
  expect(textsOf(await ask(POST, request('tools/call', { name, arguments: { other: 1 } })))).toEqual(['You said: ']);
});

requirement('MCP-032', async () => {
  const name = toolName();
  const flow = await givenFlow('broken', { name });
  const result = await use(name, 'hello');
  expect(result.isError).toBe(false);
  expect(textsOf(result)).toEqual([expect.stringContaining(flow.name)]);
  expect(textsOf(result)[0]).toMatch(/Error building Component/);
});

requirement('MCP-033', async () => {
  const name = toolName();
  const result = await use(name, 'hello');
  expect(result.isError).toBe(true);
  expect(textsOf(result)).toEqual([expect.stringContaining(name)]);
});

requirement('MCP-034', async () => {
  const name = toolName();
  const flow = await givenFlow('echo', { name, as: 'bob' });
  expect((await use(name, 'hello')).isError).toBe(true);
  expect(textsOf(await use(name, 'of bob', 'bob'))).toEqual(['of bob']);
  expect((await messages({ flow_id: flow.id }, 'bob')).map(({ text }) => text)).toEqual(['of bob', 'of bob']);
});

requirement('MCP-035', async () => {
  const name = toolName();
  const flow = await givenFlow('echo', { name });
  for (const wrong of [5, null, ['x'], { x: 1 }, true]) {
    const result = await use(name, wrong);
    expect(result.isError, JSON.stringify(wrong)).toBe(true);
    expect(textsOf(result)).toHaveLength(1);
  }
  expect(textsOf(await use(name, 'hello'))).toEqual(['hello']);
  expect(await messages({ flow_id: flow.id })).toHaveLength(2);
});

requirement('MCP-036', async () => {
  const name = toolName();
  await givenFlow('echo', { name });
  const message = request('tools/call', {
    name,
    arguments: { input_value: 'hello' },
    _meta: { progressToken: 'progress' },
  });
  expect(textsOf(await ask(POST, message))).toEqual(['hello']);
});
