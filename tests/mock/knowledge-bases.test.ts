import { expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

/**
 * What no suite can show, since only a flow with a model for embeddings makes a knowledge base (KNOWLEDGE-002, 012,
 * 021, 031).
 */
test('knowledge bases of a snapshot are listed, read and deleted', async () => {
  await using mock = await startMock({ port: 0 });
  const facts = {
    embedding_provider: 'OpenAI',
    embedding_model: 'text-embedding-3-small',
    size: 9,
    words: 2,
    characters: 8,
    chunks: 1,
    avg_chunk_size: 8.0,
  };
  const base = (id: string, username = 'langflow') => ({ key: `${username}/${id}`, username, id, ...facts });
  await mock.restore({
    ...mock.snapshot(),
    knowledgeBases: [base('zoo'), base('my_notes-2b'), base('foreign', 'somebody')],
  });
  const authorization = await logIn(mock.url);
  const headers = { authorization, 'content-type': 'application/json' };
  const ask = async (method: string, path = '', body?: object) => {
    const response = await fetch(`${mock.url}/api/v1/knowledge_bases${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

  const notes = { id: 'my_notes-2b', name: 'My Notes 2B', ...facts };
  expect((await ask('GET')).body).toEqual([notes, { id: 'zoo', name: 'Zoo', ...facts }]);
  expect((await ask('GET', '/my_notes-2b')).body).toEqual(notes);
  expect((await ask('GET', '/foreign')).status).toBe(404);
  const deleted = {
    message: 'Successfully deleted 1 knowledge base(s)',
    deleted_count: 1,
    not_found: 'foreign, other',
  };
  expect((await ask('DELETE', '/', { kb_names: ['foreign', 'zoo', 'other'] })).body).toEqual(deleted);
  expect((await ask('GET', '/')).body).toEqual([notes]);
  expect((await ask('DELETE', '/my_notes-2b')).body).toEqual({
    message: "Knowledge base 'my_notes-2b' deleted successfully",
  });
  expect((await ask('GET')).body).toEqual([]);
  expect((await ask('DELETE', '/my_notes-2b')).status).toBe(404);
  expect(mock.snapshot().knowledgeBases).toHaveLength(1);
});
