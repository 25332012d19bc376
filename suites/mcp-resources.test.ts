import { createFile, flowForFiles, uniqueFile, uploadFile } from './support/files.ts';
import { expect, given, people, requirement } from './support/index.ts';
import { ask, errorOf, request, rpcResponse, send } from './support/mcp.ts';

const POST = 'sendMcpRequest';

interface Resource {
  name: string;
  uri: string;
  description: string;
  mimeType: string;
}

const listed = async (as?: 'bob'): Promise<Resource[]> =>
  (await ask(POST, request('resources/list'), as ? { as } : {})).resources;
const read = (uri: string) => ask(POST, request('resources/read', { uri }));

/** The resources for files of a flow or of a user. */
const of = ({ id }: { id: string }, resources: Resource[]) =>
  resources.filter(({ uri }) => new URL(uri).pathname.startsWith(`/api/v1/files/download/${id}/`));

/** The name of a new file of a user. */
const ownFile = async (content: string, as: 'alice' | 'bob' = 'alice') =>
  (await createFile(content, { as })).path.split('/').at(-1) as string;

/** The content in a response, which is encoded twice. */
const twice = (content: string) => Buffer.from(Buffer.from(content).toString('base64')).toString('base64');

requirement('MCP-040', async () => {
  const flow = await given.flow();
  const stored = await uploadFile(flow, 'of a flow', { filename: 'two words.txt' });
  const own = await ownFile('my own');
  const resources = await listed();
  const base = (uri: string) => new URL(uri).pathname.split('/').at(-1);
  expect(of(flow, resources)).toEqual([
    {
      name: stored,
      uri: expect.stringMatching(/^https?:/),
      description: `File in flow: ${flow.name}`,
      mimeType: 'application/octet-stream',
    },
  ]);
  expect(of(flow, resources).map(({ uri }) => base(uri))).toEqual([encodeURIComponent(stored)]);
  const mine = of(people.alice, resources).filter(({ name }) => name === own);
  expect(mine).toEqual([
    {
      name: own,
      uri: expect.any(String),
      description: expect.stringMatching(/./),
      mimeType: 'application/octet-stream',
    },
  ]);
  expect(base(mine[0]?.uri ?? '')).toBe(encodeURIComponent(own));
});

requirement('MCP-041', async () => {
  const flow = await flowForFiles();
  await uploadFile(flow, 'héllo\nworld', { filename: 'two words.txt' });
  const own = await ownFile('my own');
  const resources = await listed();
  for (const [resource, content] of [
    [of(flow, resources)[0], 'héllo\nworld'],
    [resources.find(({ name }) => name === own), 'my own'],
  ] as const) {
    const uri = resource?.uri ?? expect.fail('it is not listed');
    expect(await read(uri)).toEqual({
      contents: [{ uri, mimeType: 'application/octet-stream', blob: twice(content) }],
    });
  }
});

requirement('MCP-042', async () => {
  const name = uniqueFile('.txt', 'nothing').replaceAll(' ', '-');
  const message = request('resources/read', {
    uri: `http://server/api/v1/files/download/${crypto.randomUUID()}/${name}`,
  });
  const { error } = rpcResponse(await send(POST, message).expectStatus(200), message.id);
  expect(error).toEqual({ code: 0, message: expect.stringContaining(name) });
  for (const uri of ['nonsense', '', '/a/b'])
    expect(await errorOf(POST, request('resources/read', { uri }))).toBe(-32602);
});

requirement('MCP-043', async () => {
  const flow = await given.flow({ as: 'bob' });
  const stored = await uploadFile(flow, 'of bob', { as: 'bob' });
  const own = await ownFile('of bob alone', 'bob');
  const resources = await listed();
  expect(of(flow, resources).map(({ name }) => name)).toEqual([stored]);
  expect((await read(of(flow, resources)[0]?.uri ?? '')).contents).toMatchObject([{ blob: twice('of bob') }]);
  expect(resources.map(({ name }) => name)).not.toContain(own);
  expect((await listed('bob')).map(({ name }) => name)).toContain(own);
});

requirement('MCPTRANSPORT-017', async () => {
  const project = await given.project();
  const [inside, outside] = [await given.flow({ folder_id: project.id }), await given.flow()];
  const stored = await uploadFile(inside, 'inside');
  await uploadFile(outside, 'outside');
  const own = await ownFile('my own');
  const at = { path: { project_id: project.id }, via: 'header' as const };
  const { resources } = await ask('sendProjectMcpRequest', request('resources/list'), at);
  expect(of(inside, resources).map(({ name }) => name)).toEqual([stored]);
  expect(of(outside, resources)).toEqual([]);
  expect(of(people.alice, resources).map(({ name }) => name)).toContain(own);
  const { contents } = await ask(
    'sendProjectMcpRequest',
    request('resources/read', { uri: of(inside, resources)[0]?.uri }),
    at,
  );
  expect(contents).toMatchObject([{ blob: twice('inside') }]);
});
