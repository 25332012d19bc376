import type { FlowNode } from '../fixtures/build-flow.ts';
import circle from '../fixtures/flows/circle.json' with { type: 'json' };
import { givenBroken } from './support/broken-graph.ts';
import { poll, startBuild } from './support/builds.ts';
import { call, expect, given, requirement } from './support/index.ts';
import { outputTexts, results, run } from './support/runs.ts';

/** The detail of a run that must fail. */
async function failure(flow: { id: string }, status: number): Promise<string> {
  const path = { flow_id_or_name: flow.id };
  const { body } = await call('runFlow', { path, body: { input_value: 'hello' } }).expectStatus(status);
  return JSON.stringify(body);
}

requirement('RUN-081', async () => {
  const from = await givenBroken((_data, _node, edge) => Object.assign(edge, { source: 'Nobody-1' }));
  const to = await givenBroken((_data, _node, edge) => Object.assign(edge, { target: 'Nobody-2' }));
  expect(await failure(from, 404)).toContain('Nobody-1');
  expect(await failure(to, 404)).toContain('Nobody-2');
});

requirement('RUN-082', async () => {
  const output = await givenBroken((_data, _node, { data }) =>
    Object.assign(data.sourceHandle, { output_types: ['Embeddings'] }),
  );
  const input = await givenBroken((_data, _node, { data }) =>
    Object.assign(data.targetHandle, { inputTypes: ['Embeddings'] }),
  );
  const name = await givenBroken((_data, _node, { data }) => Object.assign(data.sourceHandle, { name: 'nothing' }));
  for (const flow of [output, input, name]) expect(await failure(flow, 500)).toContain('Edge between');
});

requirement('RUN-083', async () => {
  const flow = await givenBroken((_data, _node, edge) => Reflect.deleteProperty(edge, 'data'));
  expect(await failure(flow, 500)).toContain("'data'");
});

requirement('RUN-084', async () => {
  const holders: [name: string, holder: (node: FlowNode) => object][] = [
    ['data', (node) => node],
    ['type', ({ data }) => data],
    ['node', ({ data }) => data],
    ['template', ({ data }) => data.node],
    ['_type', ({ data }) => data.node.template],
  ];
  for (const [name, holder] of holders) {
    const flow = await givenBroken((_data, node) => Reflect.deleteProperty(holder(node), name));
    expect(await failure(flow, 500)).toContain(`'${name}'`);
  }
  await failure(await givenBroken((_data, { data }) => Reflect.deleteProperty(data.node, 'outputs')), 500);
});

requirement('RUN-085', async () => {
  const flow = await givenBroken(({ nodes }) => nodes.push(structuredClone(nodes[1] as FlowNode)));
  const response = await run(flow, { input_value: 'hello' });
  expect(results(response)).toHaveLength(1);
  expect(outputTexts(response)).toEqual({ 'ChatOutput-echo2': 'hello' });
});

requirement('RUN-086', async () => {
  const flow = await givenBroken(({ edges }, _node, edge) => {
    const loop = structuredClone(edge);
    loop.source = loop.data.sourceHandle.id = loop.target;
    edges.push(loop);
  });
  await failure(flow, 500);
});

requirement('RUN-087', async () => {
  const flow = await given.runnableFlow(circle);
  expect(outputTexts(await run(flow, { input_value: 'hello' }))).toEqual({ 'ChatOutput-three': '' });
});

requirement('BUILD-072', async () => {
  const flow = await givenBroken((_data, _node, edge) => Object.assign(edge, { source: 'Nobody-1' }));
  const events = await poll(await startBuild(flow));
  expect(events).toMatchObject([{ event: 'error', data: { category: 'error', flow_id: flow.id } }]);
  expect(JSON.stringify(events)).toContain('Nobody-1');
});
