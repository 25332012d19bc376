import { randomUUID } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { componentOf, type Flow, first } from './support/flow-lists.ts';
import { SECRET_FIELDS } from './support/graphs.ts';
import {
  type ApiResponse,
  call,
  expect,
  given,
  person,
  removeLater,
  requirement,
  uniqueName,
  watchList,
} from './support/index.ts';

const GRAPH = { nodes: [{ id: 'Model-a1b2c', data: { node: { template: SECRET_FIELDS } } }], edges: [] };

const download = (project_id: string) => call('downloadProject', { path: { project_id } });
const flowsIn = (zip: Buffer): Record<string, Flow> =>
  Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, JSON.parse(strFromU8(bytes))]));
const fileOf = (content: unknown) => ({
  multipart: {
    file: { content: typeof content === 'string' ? content : JSON.stringify(content), filename: 'project.json' },
  },
});
const projectsOf = async () => (await call('listProjects').expectStatus(200)).body;

/** Uploads, and removes at the end what was created. */
async function upload(content: unknown): Promise<ApiResponse<Flow[]>> {
  const before = new Set((await projectsOf()).map(({ id }) => id));
  const response = await call('uploadProject', { ...fileOf(content), valid: true });
  for (const { id } of await projectsOf()) if (!before.has(id)) await removeLater('project', `/api/v1/projects/${id}`);
  return response as ApiResponse<unknown> as ApiResponse<Flow[]>;
}

async function projectOfTwo() {
  const project = await given.project({ name: uniqueName('prøject') });
  const plain = await given.flow({ folder_id: project.id, description: 'é' });
  const secret = await given.flow({ folder_id: project.id, data: GRAPH });
  return { project, plain, secret, flows: [plain, secret] };
}

requirement('PROJECTS-033', async () => {
  const { project, flows, plain } = await projectOfTwo();
  const files = flowsIn((await download(project.id).expectStatus(200)).bytes);
  expect(Object.keys(files).sort()).toEqual(flows.map(({ name }) => `${name}.json`).sort());
  expect(files[`${plain.name}.json`]).toMatchObject(
    (await call('readFlow', { path: { flow_id: plain.id } }).expectStatus(200)).body,
  );
});

requirement('PROJECTS-034', async () => {
  const { project } = await projectOfTwo();
  const { headers } = await download(project.id).expectStatus(200);
  const [, name] = /^attachment; filename\*=UTF-8''(.+)$/.exec(headers['content-disposition'] ?? '') ?? [];
  expect(decodeURIComponent(name ?? '')).toMatch(new RegExp(`_${project.name}_flows\\.zip$`));
});

requirement('PROJECTS-035', async () => {
  const { project, secret } = await projectOfTwo();
  const written = flowsIn((await download(project.id).expectStatus(200)).bytes)[`${secret.name}.json`];
  const { template } = componentOf(written ?? expect.fail('the flow is not in the archive'));
  expect(['key', 'token', 'password', 'plain'].map((name) => template[name]?.value)).toEqual([
    null,
    null,
    'kept',
    'kept',
  ]);
});

requirement('PROJECTS-036', async () => {
  const empty = await given.project();
  const theirs = await given.project({ as: 'bob' });
  await given.flow({ folder_id: theirs.id, as: 'bob' });
  for (const id of [randomUUID(), theirs.id, empty.id]) {
    const { status, body } = await download(id);
    expect([404, 500]).toContain(status);
    expect(body.detail).toMatch(/not found|No flows found/);
  }
});

requirement('PROJECTS-037', async () => {
  const file = {
    folder_name: uniqueName('uploaded'),
    folder_description: 'from a file',
    flows: [{ name: uniqueName('flow'), data: GRAPH }, { name: uniqueName('flow') }],
  };
  const { status, body } = await upload(file);
  expect(status).toBe(201);
  expect(body.map(({ name }) => name)).toEqual(file.flows.map(({ name }) => name));
  const { body: project } = await call('readProject', {
    path: { project_id: first(body).folder_id ?? '' },
  }).expectStatus(200);
  expect(project).toMatchObject({ name: file.folder_name, description: 'from a file' });
  expect(project.flows).toHaveLength(2);
});

requirement('PROJECTS-038', async () => {
  const [project, flow] = [await given.project(), await given.flow()];
  const { body } = await upload({ folder_name: project.name, folder_description: null, flows: [{ name: flow.name }] });
  expect(body[0]?.name).toBe(`${flow.name} (1)`);
  expect((await projectsOf()).map(({ name }) => name)).toContain(`${project.name} (1)`);
});

requirement('PROJECTS-039', async () => {
  const { project, flows } = await projectOfTwo();
  const written = Object.values(flowsIn((await download(project.id).expectStatus(200)).bytes));
  const { body } = await upload({ folder_name: project.name, folder_description: '', flows: written });
  expect(body.map(({ name, description, data }) => ({ name, description, data }))).toEqual(
    written.map(({ name, description, data }) => ({ name: `${name} (1)`, description, data })),
  );
  expect(body).toHaveLength(flows.length);
});

requirement('PROJECTS-040', async () => {
  const newcomers = await watchList(projectsOf);
  await call('uploadProject', fileOf({})).expectStatus(400);
  await call('uploadProject', fileOf({ folder_name: uniqueName('none'), folder_description: '' })).expectStatus(400);
  expect(await newcomers()).toEqual([]);
});

requirement('PROJECTS-041', async () => {
  const newcomers = await watchList(projectsOf);
  for (const content of ['no JSON', { folder_name: uniqueName('none'), folder_description: '', flows: [{}] }]) {
    expect((await call('uploadProject', fileOf(content))).status).toBeGreaterThanOrEqual(400);
  }
  expect(await newcomers()).toEqual([]);
});

requirement('PROJECTS-042', async () => {
  const [elsewhere, alice, bob] = [await given.project(), await person('alice'), await person('bob')];
  const { body } = await upload({
    folder_name: uniqueName('mine'),
    folder_description: '',
    flows: [{ name: uniqueName('flow'), user_id: bob.id, folder_id: elsewhere.id }],
  });
  expect(body[0]?.user_id).toBe(alice.id);
  expect(body[0]?.folder_id).not.toBe(elsewhere.id);
});
