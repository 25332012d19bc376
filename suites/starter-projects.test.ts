import type { Schema } from '../spec/operations.ts';
import { type As, call, expect, given, requirement } from './support/index.ts';

type Project = Schema<'StarterProject'>;

const list = async (as: As = 'alice'): Promise<Project[]> =>
  (await call('listStarterProjects', { as }).expectStatus(200)).body;

requirement('STARTER-001', async () => {
  const projects = await list();
  expect(projects.length).toBeGreaterThan(0);
  for (const { nodes, edges } of projects.map(({ data }) => data)) {
    const ids = new Set(nodes.map(({ id }) => id));
    expect(ids.size).toBe(nodes.length);
    expect(nodes.length).toBeGreaterThan(1);
    expect(edges.length).toBeGreaterThan(0);
    for (const { source, target } of edges) for (const end of [source, target]) expect([...ids]).toContain(end);
    for (const { id, data } of nodes) expect(data.id).toBe(id);
  }
});

requirement('STARTER-002', async () => {
  const types = (projects: Project[]) => projects.map(({ data }) => data.nodes.map((node) => node.data.type));
  const mine = await list();
  for (const project of mine) expect(project).not.toHaveProperty('id');
  for (const as of ['bob', 'admin'] as const) expect(types(await list(as))).toEqual(types(mine));
});

requirement('STARTER-003', async () => {
  const [project] = await list();
  const flow = await given.flow({ data: project?.data });
  const { body } = await call('readFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  expect(body.data?.nodes).toEqual(project?.data.nodes);
  expect(body.data?.edges).toEqual(project?.data.edges);
});

requirement('STARTER-004', async () => {
  for (const as of ['alice', 'admin'] as const) {
    const { body } = await call('listStarterProjects', { as }).expectStatus(500);
    expect(body.message).toMatch(/^No module named '\w+'|cannot import name/);
  }
});
