import { strFromU8, unzipSync } from 'fflate';
import { createFile, download, listedFile, listFiles, uniqueFile, WITH_SLASH } from './support/files.ts';
import { call, expect, requirement, uniqueName } from './support/index.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

const zip = (...ids: string[]) => call('downloadFilesV2', { body: ids });
const remove = (...ids: string[]) => call('deleteFilesV2', { body: ids });
const contents = (bytes: Buffer) =>
  Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, strFromU8(content)]));

requirement('FILES-170', async () => {
  const [text, plain, wide] = [
    await createFile('text'),
    await createFile('', { filename: uniqueFile('') }),
    await createFile('w', { filename: uniqueFile('.md', '文') }),
  ];
  await createFile('another');
  const name = uniqueName('renamed');
  await call('renameFileV2', { path: { file_id: text.id }, query: { name } }).expectStatus(200);
  await expect.poll(async () => (await listedFile(text))?.name).toBe(name);
  const { bytes } = await zip(wide.id, text.id, plain.id).expectStatus(200);
  expect(contents(bytes)).toEqual({ [`${name}.txt`]: 'text', [plain.name]: '', [`${wide.name}.md`]: 'w' });
});

requirement('FILES-171', async () => {
  const { headers } = await zip((await createFile('x')).id).expectStatus(200);
  expect(headers['content-type']).toBe('application/x-zip-compressed');
  expect(headers['content-disposition']).toMatch(/^attachment; filename=\d{8}_\d{6}_langflow_files\.zip$/);
});

requirement('FILES-172', async () => {
  const [mine, theirs] = [await createFile('mine'), await createFile('theirs', { as: 'bob' })];
  const { bytes } = await zip(NOBODY, mine.id, theirs.id, mine.id).expectStatus(200);
  expect(contents(bytes)).toEqual({ [`${mine.name}.txt`]: 'mine' });
  for (const none of [[theirs.id], [NOBODY], []]) await zip(...none).expectStatus(500);
});

requirement('FILES-173', async () => {
  const { id } = await createFile('x');
  for (const operation of ['downloadFilesV2', 'deleteFilesV2'] as const) {
    const { body } = await call(operation, { body: [id, 'no-uuid'] }).expectStatus(422);
    expect(body.detail).toMatchObject([{ type: 'uuid_parsing', loc: ['body', 1] }]);
  }
  await download({ id }).expectStatus(200);
});

requirement('FILES-180', async () => {
  const [one, two, kept] = [await createFile('1'), await createFile('2'), await createFile('3')];
  await remove(one.id, two.id).expectStatus(200);
  for (const file of [one, two]) {
    await expect.poll(() => listedFile(file)).toBeUndefined();
    await download(file).expectStatus(404);
  }
  expect(await listedFile(kept)).toMatchObject(kept);
  await download(kept).expectStatus(200);
});

requirement('FILES-181', async () => {
  const [mine, theirs] = [await createFile('mine'), await createFile('theirs', { as: 'bob' })];
  for (const none of [[theirs.id], [NOBODY], []]) await remove(...none).expectStatus(500);
  await remove(theirs.id, mine.id, NOBODY).expectStatus(200);
  await expect.poll(() => listedFile(mine)).toBeUndefined();
  expect(await listedFile(theirs, 'bob')).toMatchObject(theirs);
  await download(theirs, { as: 'bob' }).expectStatus(200);
});

requirement('FILES-182', async () => {
  const [one, two] = [await createFile('1'), await createFile('2')];
  await remove(one.id, two.id, one.id).expectJson({ message: '2 files deleted successfully' });
});

requirement('FILES-190', { disruptive: true }, async () => {
  for (const slash of WITH_SLASH) {
    const mine = [await createFile('1'), await createFile('2')];
    const theirs = await createFile('3', { as: 'bob' });
    await call(`deleteAllFilesV2${slash}`).expectStatus(200);
    await expect.poll(() => listFiles()).toEqual([]);
    for (const file of mine) await download(file).expectStatus(404);
    expect(await listedFile(theirs, 'bob')).toMatchObject(theirs);
    await download(theirs, { as: 'bob' }).expectStatus(200);
  }
});

const emptied = async () => {
  await call('deleteAllFilesV2').expectStatus(200);
  await expect.poll(() => listFiles()).toEqual([]);
};

requirement('FILES-191', { disruptive: true }, async () => {
  await emptied();
  for (const slash of WITH_SLASH) await call(`deleteAllFilesV2${slash}`).expectStatus(200);
});

requirement('FILES-192', { disruptive: true }, async () => {
  await emptied();
  for (const slash of WITH_SLASH) {
    await createFile('1');
    await createFile('2');
    await call(`deleteAllFilesV2${slash}`).expectJson({ message: 'All 2 files deleted successfully' });
    await expect.poll(() => listFiles()).toEqual([]);
  }
});
