import { randomUUID } from 'node:crypto';
import { call, expect, given, malformed, raw, removeLater, requirement, uniqueName } from './support/index.ts';

const PROJECTS = '/api/v1/projects';

requirement('FOLDERS-001', async () => {
  await call('listFolders', { as: null }).expectStatus(307).expectHeader('location', `${PROJECTS}/`);
});

requirement('FOLDERS-002', async () => {
  const body = { name: uniqueName('folder') };
  const { headers } = await call('createFolder', { body: malformed(body), as: 'alice' }).expectStatus(307);
  expect(headers['location']).toBe(`${PROJECTS}/`);
  const { body: project } = await raw('POST', headers['location'] as string, { body, as: 'alice' }).expectStatus(201);
  await removeLater('project', `${PROJECTS}/${project.id}`);
  expect(project.name).toBe(body.name);
});

requirement('FOLDERS-003', async () => {
  const folder_id = randomUUID();
  await call('readFolder', { path: { folder_id }, as: null })
    .expectStatus(307)
    .expectHeader('location', `${PROJECTS}/${folder_id}`);
});

requirement('FOLDERS-004', async () => {
  const query = { page: 2, size: 3, search: 'a name', is_component: true, is_flow: true };
  const { headers } = await call('readFolder', { path: { folder_id: randomUUID() }, query, as: null }).expectStatus(
    307,
  );
  const carried = new URL(headers['location'] ?? '', 'http://localhost').searchParams;
  expect(Object.fromEntries([...carried].map(([name, value]) => [name, value.toLowerCase()]))).toEqual({
    page: '2',
    size: '3',
    search: 'a name',
    is_component: 'true',
    is_flow: 'true',
  });
});

requirement('FOLDERS-005', async () => {
  const folder_id = randomUUID();
  await call('readFolder', { path: { folder_id }, query: { page: 2 }, as: null })
    .expectStatus(307)
    .expectHeader('location', `${PROJECTS}/${folder_id}?page=2&size=50`);
  await call('readFolder', { path: { folder_id }, query: { size: 3 }, as: null })
    .expectStatus(307)
    .expectHeader('location', `${PROJECTS}/${folder_id}?page=1&size=3`);
});

requirement('FOLDERS-006', async () => {
  const project = await given.project();
  const body = { name: uniqueName('renamed') };
  const { headers } = await call('updateFolder', {
    path: { folder_id: project.id },
    body: malformed(body),
    as: 'alice',
  }).expectStatus(307);
  expect(headers['location']).toBe(`${PROJECTS}/${project.id}`);
  await raw('PATCH', headers['location'] as string, { body, as: 'alice' })
    .expectStatus(200)
    .expectJsonLike(body);
});

requirement('FOLDERS-007', async () => {
  const project = await given.project();
  await call('deleteFolder', { path: { folder_id: project.id }, as: 'alice' })
    .expectStatus(307)
    .expectHeader('location', `${PROJECTS}/${project.id}`);
  await call('readProject', { path: { project_id: project.id } }).expectStatus(200);
});

requirement('FOLDERS-008', async () => {
  const folder_id = randomUUID();
  await call('downloadFolder', { path: { folder_id }, as: null })
    .expectStatus(307)
    .expectHeader('location', `${PROJECTS}/download/${folder_id}`);
});

requirement('FOLDERS-009', async () => {
  await call('uploadFolder', { as: null }).expectStatus(307).expectHeader('location', `${PROJECTS}/upload/`);
});
