import {
  BROKEN_PARTS,
  createFile,
  download,
  EVERY_BYTE,
  FORMS_WITHOUT_FILE,
  fileForm,
  fileText,
  formBody,
  listedFile,
  listFiles,
  type Slash,
  uniqueFile,
  WITH_SLASH,
} from './support/files.ts';
import {
  type As,
  call,
  expect,
  person,
  removeLater,
  requirement,
  stream,
  uniqueName,
  watchList,
} from './support/index.ts';
import { overLimit } from './support/limit.ts';
import { errorSummaries } from './support/validation-errors.ts';

type Form = ReturnType<typeof formBody>;
const upload = (form: Form, as?: As, slash: Slash = '') => call(`createFileV2${slash}` as const, { ...form, as });
const named = async (name: string) => (await listFiles()).filter((file) => file.name.startsWith(name));

requirement('FILES-101', async () => {
  for (const slash of WITH_SLASH) {
    const file = await createFile(EVERY_BYTE, { slash });
    expect((await download(file).expectStatus(200)).bytes.equals(EVERY_BYTE)).toBe(true);
  }
});

requirement('FILES-102', async () => {
  const { id: user } = person('alice');
  for (const slash of WITH_SLASH) {
    const name = uniqueName('file');
    const { id, path, size, ...file } = await createFile('grün', { filename: `${name}.txt`, slash });
    expect({ path, size, name: file.name }).toEqual({ path: `${user}/${name}.txt`, size: 5, name });
    for (const list of WITH_SLASH) {
      expect((await listFiles('alice', list)).find((one) => one.id === id)).toMatchObject({
        id,
        path,
        size,
        name,
        user_id: user,
      });
    }
  }
});

requirement('FILES-103', async () => {
  for (const slash of WITH_SLASH) {
    const name = uniqueName('file');
    const make = (text: string) => createFile(text, { filename: `${name}.txt`, slash });
    const [first, second, third] = [await make('first'), await make('second'), await make('third')];
    expect([first.name, second.name, third.name]).toEqual([name, `${name} (1)`, `${name} (2)`]);
    expect(second.path.endsWith(`/${name} (1).txt`)).toBe(true);
    expect([await fileText(first), await fileText(second), await fileText(third)]).toEqual([
      'first',
      'second',
      'third',
    ]);
    expect(await listedFile(first)).toMatchObject(first);
  }
});

requirement('FILES-104', async () => {
  const filename = uniqueFile();
  const [mine, theirs] = [await createFile('mine', { filename }), await createFile('theirs', { filename, as: 'bob' })];
  expect([mine.name, theirs.name]).toEqual([filename.slice(0, -4), filename.slice(0, -4)]);
  expect(await fileText(mine)).toBe('mine');
});

requirement('FILES-105', async () => {
  const name = uniqueName('alike');
  const make = async (filename: string) => (await createFile('x', { filename })).name;
  expect(await make(`${name}x.txt`)).toBe(`${name}x`);
  expect(await make(`${name}.md`)).toBe(`${name} (1)`);
  expect(await make(`${name} (7).txt`)).toBe(`${name} (7)`);
  expect(await make(`${name.toUpperCase()}.txt`)).toBe(`${name.toUpperCase()} (8)`);
});

requirement('FILES-106', async () => {
  const run = uniqueName('');
  for (const [root, extension] of [
    [`grün 文 🙂${run}`, '.txt'],
    [`Makefile${run}`, ''],
    [`data${run}.tar`, '.gz'],
    [`a;b, c${run}`, '.txt'],
  ] as const) {
    const file = await createFile('x', { filename: root + extension });
    expect(file).toMatchObject({ name: root, path: `${person('alice').id}/${root}${extension}` });
    expect((await listedFile(file))?.name).toBe(root);
  }
});

requirement('FILES-107', async () => {
  const file = await createFile('');
  expect(file.size).toBe(0);
  expect((await download(file).expectStatus(200)).bytes).toHaveLength(0);
});

requirement('FILES-108', async () => {
  for (const slash of WITH_SLASH) {
    const filename = uniqueFile();
    const file = await createFile('one', { filename, slash });
    const more = await createFile(' and more', { filename, slash, append: true });
    expect(more).toEqual({ ...file, size: 'one and more'.length });
    expect(await fileText(file)).toBe('one and more');
    expect(await named(file.name)).toMatchObject([{ id: file.id, size: more.size }]);
  }
});

requirement('FILES-109', async () => {
  for (const slash of WITH_SLASH) {
    const name = uniqueName('file');
    const file = await createFile('one', { filename: `${name}.txt`, append: true, slash });
    expect(file).toMatchObject({ name, path: `${person('alice').id}/${name}.txt`, size: 3 });
    expect(await fileText(file)).toBe('one');
  }
});

requirement('FILES-110', async () => {
  const newcomers = await watchList(listFiles);
  for (const slash of WITH_SLASH) {
    for (const { form, error } of FORMS_WITHOUT_FILE) {
      const { body } = await upload(form(), 'alice', slash).expectStatus(422);
      expect(errorSummaries(body)).toEqual([`${error} body.file`]);
    }
  }
  expect(await newcomers()).toEqual([]);
});

requirement('FILES-111', { readOnly: true }, async () => {
  for (const slash of WITH_SLASH) await upload(fileForm('', 'x'), 'alice', slash).expectStatus(400);
});

requirement('FILES-112', { readOnly: true }, async () => {
  const rawBody = Buffer.from('garbage');
  for (const slash of WITH_SLASH) {
    for (const as of [null, 'alice'] as const) {
      for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
        await upload({ rawBody, headers: { 'content-type': type } }, as, slash).expectStatus(400);
      }
    }
    await upload(fileForm('a.txt', 'x'), null, slash).expectStatus(403);
  }
});

requirement('FILES-113', { readOnly: true }, async () => {
  for (const form of BROKEN_PARTS) await upload(form()).expectStatus(400);
});

requirement('FILES-114', async () => {
  const newcomers = await watchList(listFiles);
  const { rawBody, headers } = fileForm(uniqueFile(), 'content');
  for (const length of [0, rawBody.indexOf('content'), rawBody.indexOf('content') + 5]) {
    const { body } = await upload({ rawBody: rawBody.subarray(0, length), headers }).expectStatus(422);
    expect(errorSummaries(body)).toEqual(['missing body.file']);
  }
  expect(await newcomers()).toEqual([]);
});

requirement('FILES-115', async () => {
  const name = uniqueName('several');
  const parts = ['one', 'two'].map((text) => ({ name: 'file', filename: `${name} ${text}.txt`, content: text }));
  const { body } = await upload(formBody(...parts, { name: 'other', content: 'x' })).expectStatus(201);
  await removeLater('file', `/api/v2/files/${body.id}`);
  await expect.poll(async () => (await named(name)).map((file) => file.name)).toEqual([`${name} two`]);
  expect(await fileText(body)).toBe('two');
});

requirement('FILES-116', async () => {
  const name = uniqueName('folder');
  for (const slash of WITH_SLASH) {
    expect((await upload(fileForm(`${name}/a.txt`, 'x'), 'alice', slash)).status).toBeGreaterThanOrEqual(400);
  }
  expect(await named(name)).toEqual([]);
});

requirement('FILES-117', async () => {
  const content = await overLimit();
  const name = uniqueName('large');
  await upload(fileForm(`${name}.txt`, content)).expectStatus(413);
  expect(await named(name)).toEqual([]);
});

requirement('FILES-118', async () => {
  const { rawBody, headers } = fileForm(uniqueFile(), EVERY_BYTE);
  const response = await stream('createFileV2', { rawBody, headers: { ...headers, 'transfer-encoding': 'chunked' } });
  expect(response.status).toBe(201);
  const file = JSON.parse(response.text);
  await removeLater('file', `/api/v2/files/${file.id}`);
  expect(file.size).toBe(EVERY_BYTE.length);
  await expect.poll(async () => (await download(file)).bytes.equals(EVERY_BYTE)).toBe(true);
});

requirement('FILES-120', async () => {
  const name = `_mcp_servers_${person('alice').id}`;
  const make = async (text: string) => {
    const { body } = await upload(fileForm(`${name}.json`, text)).expectStatus(201);
    await removeLater('file', `/api/v2/files/${body.id}`);
    await expect.poll(async () => (await download(body)).text).toBe(text);
    return body;
  };
  const first = await make('{"mcpServers":{}}');
  const second = await make('{}');
  expect([first.name, second.name]).toEqual([name, name]);
  await expect.poll(async () => (await download(first)).status).toBe(404);
  expect(await named(name)).toEqual([]);
});

requirement('FILES-121', async () => {
  const name = uniqueName('long');
  for (const slash of WITH_SLASH) {
    expect(
      (await upload(fileForm(`${name}${'x'.repeat(300)}.txt`, 'x'), 'alice', slash)).status,
    ).toBeGreaterThanOrEqual(400);
  }
  expect(await named(name)).toEqual([]);
});

requirement('FILES-122', async () => {
  for (const slash of WITH_SLASH) {
    await upload(fileForm(`${uniqueName('folder')}/a.txt`, 'x'), 'alice', slash).expectStatus(404);
    await upload(fileForm(`${'x'.repeat(300)}.txt`, 'x'), 'alice', slash).expectStatus(500);
  }
});

requirement('FILES-130', async () => {
  const mine = [await createFile('1'), await createFile('2')];
  const theirs = await createFile('3', { as: 'bob' });
  for (const slash of WITH_SLASH) {
    const ids = (await listFiles('alice', slash)).map(({ id }) => id);
    for (const { id } of mine) expect(ids.filter((one) => one === id)).toHaveLength(1);
    expect(ids).not.toContain(theirs.id);
    expect((await listFiles('bob', slash)).map(({ id }) => id)).toContain(theirs.id);
  }
});

const MINUTES = 60_000;

requirement('FILES-131', async () => {
  const filename = uniqueFile();
  const response = await upload(fileForm(filename, 'x')).expectStatus(201);
  const file = response.body;
  await removeLater('file', `/api/v2/files/${file.id}`);
  await expect.poll(() => listedFile(file)).toBeDefined();
  const before = await listedFile(file);
  const instant = (text = '') => Date.parse(`${text}Z`);
  for (const time of [before?.created_at, before?.updated_at])
    expect(Math.abs(instant(time) - Date.parse(response.headers['date'] ?? ''))).toBeLessThan(5 * MINUTES);
  await createFile('y', { filename, append: true });
  const name = uniqueName('renamed');
  await call('renameFileV2', { path: { file_id: file.id }, query: { name } }).expectStatus(200);
  await expect.poll(() => listedFile(file)).toEqual({ ...before, size: 2, name });
});
