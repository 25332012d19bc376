import { call, expect, given, people, requirement, uniqueName } from './support/index.ts';

const nothing = () => uniqueName('nothing').replaceAll(' ', '-');

requirement('KNOWLEDGE-001', async () => {
  const as = people.alice.ours ? 'alice' : await given.user();
  expect((await call('listKnowledgeBases', { as }).expectStatus(200)).body).toEqual([]);
});

requirement('KNOWLEDGE-003', async () => {
  const { body } = await call('listKnowledgeBases').expectStatus(200);
  expect((await call('listKnowledgeBasesSlash').expectStatus(200)).body).toEqual(body);
  const request = { body: { kb_names: [nothing()] } };
  const refusal = await call('deleteKnowledgeBases', request).expectStatus(404);
  expect((await call('deleteKnowledgeBasesSlash', request).expectStatus(404)).body).toEqual(refusal.body);
  const none = await call('deleteKnowledgeBases', { body: { kb_names: [] } }).expectStatus(200);
  expect((await call('deleteKnowledgeBasesSlash', { body: { kb_names: [] } }).expectStatus(200)).body).toEqual(
    none.body,
  );
});

requirement('KNOWLEDGE-010', { readOnly: true }, async () => {
  const kb_names = [nothing(), nothing()];
  const { body } = await call('deleteKnowledgeBases', { body: { kb_names } }).expectStatus(404);
  for (const name of kb_names) expect(body.detail).toContain(name);
});

requirement('KNOWLEDGE-011', { readOnly: true }, async () => {
  const { body } = await call('deleteKnowledgeBases', { body: { kb_names: [] } }).expectStatus(200);
  expect(body.deleted_count).toBe(0);
  expect(body).not.toHaveProperty('not_found');
});

requirement('KNOWLEDGE-020', { readOnly: true }, async () => {
  const kb_name = nothing();
  const { body } = await call('readKnowledgeBase', { path: { kb_name } }).expectStatus(404);
  expect(body.detail).toContain(kb_name);
});

requirement('KNOWLEDGE-030', { readOnly: true }, async () => {
  const kb_name = nothing();
  const { body } = await call('deleteKnowledgeBase', { path: { kb_name } }).expectStatus(404);
  expect(body.detail).toContain(kb_name);
});
