import { createFile, download, EVERY_BYTE, fileText, listedFile, showImage, uniqueFile } from './support/files.ts';
import { type As, call, expect, person, requirement, uniqueName } from './support/index.ts';

const NOBODY = { id: '00000000-0000-4000-8000-000000000000' };

type File = { id: string };
const rename = (file: File, name: string, as?: As) =>
  call('renameFileV2', { path: { file_id: file.id }, query: { name }, ...(as && { as }) });
const remove = (file: File, as?: As) => call('deleteFileV2', { path: { file_id: file.id }, ...(as && { as }) });
const CONTENT = { query: { return_content: true } };

requirement('FILES-140', async () => {
  for (const extension of ['.txt', '.png', '']) {
    const file = await createFile('x', { filename: uniqueFile(extension) });
    const { headers } = await download(file).expectStatus(200);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toBe(`attachment; filename="${file.name}${extension}"`);
  }
});

requirement('FILES-141', async () => {
  const text = 'grün "quoted" \\ \n 🙂';
  const file = await createFile(text);
  const { body, headers } = await download(file, CONTENT).expectStatus(200);
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(body).toBe(text);
  expect((await download(file, { query: { return_content: false } }).expectStatus(200)).bytes.toString()).toBe(text);
});

requirement('FILES-142', async () => {
  const file = await createFile(EVERY_BYTE);
  await download(file, CONTENT).expectStatus(500);
  await download(file).expectStatus(200);
});

requirement('FILES-143', async () => {
  const file = await createFile('x');
  await download(NOBODY).expectStatus(404);
  for (const as of ['bob', 'admin'] as const)
    for (const more of [{}, CONTENT]) await download(file, { as, ...more }).expectStatus(404);
  await download(file).expectStatus(200);
});

requirement('FILES-144', async () => {
  const wide = await createFile('wide', { filename: uniqueFile('.txt', '文') });
  await download(wide).expectStatus(500);
  expect((await download(wide, CONTENT).expectStatus(200)).body).toBe('wide');
  await download(await createFile('x', { filename: uniqueFile('.txt', 'ü') })).expectStatus(200);
});

requirement('FILES-145', async () => {
  const { path, ...file } = await createFile(EVERY_BYTE, { filename: uniqueFile('.png') });
  const [user = '', name = ''] = path.split('/');
  const shown = await showImage({ id: user }, name, { as: null }).expectStatus(200);
  expect(shown.headers['content-type']).toBe('image/png');
  expect(shown.bytes.equals(EVERY_BYTE)).toBe(true);
  await remove(file).expectStatus(200);
  await expect.poll(async () => (await showImage({ id: user }, name, { as: null })).status).toBe(500);
});

requirement('FILES-146', async () => {
  const filename = uniqueFile();
  const first = await createFile('first', { filename });
  const name = uniqueName('renamed');
  await rename(first, name).expectStatus(200);
  await expect.poll(async () => (await listedFile(first))?.name).toBe(name);
  const second = await createFile('second', { filename });
  expect(second.path).toBe(first.path);
  expect(await fileText(first)).toBe('second');
  await remove(second).expectStatus(200);
  await download(first).expectStatus(404);
  await call('downloadFilesV2', { body: [first.id] }).expectStatus(404);
});

requirement('FILES-150', async () => {
  const file = await createFile('kept');
  const name = `ü ${uniqueName('renamed')}.v2`;
  const { body } = await rename(file, name).expectStatus(200);
  expect(body).toEqual({ ...file, name });
  await expect.poll(() => listedFile(file)).toMatchObject({ ...file, name });
  const { headers, bytes } = await download(file).expectStatus(200);
  expect(Buffer.from(headers['content-disposition'] ?? '', 'latin1').toString('latin1')).toBe(
    `attachment; filename="${name}.txt"`,
  );
  expect(bytes.toString()).toBe('kept');
});

requirement('FILES-151', async () => {
  const file = await createFile('x');
  for (const name of ['', `a/../b ${uniqueName('odd')}`, `"quoted" ${uniqueName('odd')}`]) {
    await rename(file, name).expectStatus(200).expectJsonLike({ name });
    await expect.poll(async () => (await listedFile(file))?.name).toBe(name);
  }
});

requirement('FILES-152', async () => {
  const file = await createFile('x');
  await rename(NOBODY, uniqueName('renamed')).expectStatus(500);
  for (const as of ['bob', 'admin'] as const) await rename(file, uniqueName('renamed'), as).expectStatus(500);
  expect((await listedFile(file))?.name).toBe(file.name);
});

requirement('FILES-153', async () => {
  const [one, other] = [await createFile('one'), await createFile('other')];
  await rename(other, one.name);
  // When the next change is visible, this one has ended.
  await rename(one, one.name).expectStatus(200);
  expect((await listedFile(other))?.name).toBe(other.name);
  expect(await fileText(other)).toBe('other');
});

requirement('FILES-154', async () => {
  const file = await createFile('x');
  const { body } = await call('renameFileV2', { path: { file_id: file.id } }).expectStatus(422);
  expect(body.detail).toMatchObject([{ type: 'missing', loc: ['query', 'name'] }]);
});

requirement('FILES-160', async () => {
  const [gone, kept] = [await createFile('gone'), await createFile('kept')];
  await remove(gone).expectStatus(200);
  await expect.poll(() => listedFile(gone)).toBeUndefined();
  await download(gone).expectStatus(404);
  expect(await listedFile(kept)).toMatchObject(kept);
  expect(await fileText(kept)).toBe('kept');
});

requirement('FILES-161', async () => {
  const file = await createFile('kept');
  await remove(NOBODY).expectStatus(404);
  for (const as of ['bob', 'admin'] as const) await remove(file, as).expectStatus(404);
  expect(await fileText(file)).toBe('kept');
  await remove(file).expectStatus(200);
  // A real deployment commits the deletion after its response.
  await expect.poll(async () => (await remove(file)).status).toBe(404);
});

requirement('FILES-162', async () => {
  const filename = uniqueFile();
  const file = await createFile('x', { filename });
  await remove(file).expectStatus(200);
  await expect.poll(() => listedFile(file)).toBeUndefined();
  expect(await createFile('y', { filename })).toMatchObject({
    name: file.name,
    path: `${person('alice').id}/${filename}`,
  });
});

requirement('FILES-163', async () => {
  const file = await createFile('x');
  await remove(file).expectJson({ detail: `File ${file.name} deleted successfully` });
});
