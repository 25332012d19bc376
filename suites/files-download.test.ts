import { createHash } from 'node:crypto';
import {
  BROKEN_PARTS,
  deleteFile,
  EVERY_BYTE,
  FORMS_WITHOUT_FILE,
  fileForm,
  flowForFiles,
  type formBody,
  readFile,
  showImage,
  uploadFile,
} from './support/files.ts';
import { call, expect, requirement } from './support/index.ts';
import { errorSummaries } from './support/validation-errors.ts';

// Files of the old upload can't be removed, so each run uploads to the same folder and overwrites
// again.
const NOBODY = { id: '00000000-0000-4000-8000-000000000000' };

const OUTSIDE = [
  { name: '..\\secret_key', status: 400 },
  { name: 'a..b.png', status: 400 },
  { name: 'a\\b.png', status: 400 },
  { name: '../../secret_key', status: 404 },
  { name: 'a/b.png', status: 404 },
];

requirement('FILES-030', async () => {
  const flow = await flowForFiles();
  for (const filename of ['a.txt', 'b.png', 'c']) {
    const name = await uploadFile(flow, 'hello', { filename });
    const { headers } = await readFile(flow, name).expectStatus(200);
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-length': '5' });
    // A real deployment omits the semicolon after the name.
    expect(/^attachment; filename="?([^";]+?)"?(;| filename|$)/.exec(headers['content-disposition'] ?? '')?.[1]).toBe(
      name,
    );
  }
});

requirement('FILES-031', async () => {
  const flow = await flowForFiles();
  for (const { name, status } of OUTSIDE) {
    await readFile(flow, name).expectStatus(status);
    await showImage(flow, name).expectStatus(status);
    await deleteFile(flow, name).expectStatus(status);
  }
});

requirement('FILES-032', { readOnly: true }, async () => {
  await readFile(NOBODY, 'a..b', { as: null }).expectStatus(400);
  await deleteFile(NOBODY, 'a..b', { as: null }).expectStatus(400);
});

requirement('FILES-033', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, 'x');
  for (const missing of ['nothing.txt', `${name}x`]) await readFile(flow, missing).expectStatus(500);
  await readFile(await flowForFiles(), name).expectStatus(500);
});

requirement('FILES-034', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, 'x');
  for (const as of ['bob', 'admin'] as const) await readFile(flow, name, { as }).expectStatus(404);
  await readFile(NOBODY, name).expectStatus(404);
  await readFile(flow, name).expectStatus(200);
});

requirement('FILES-035', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, 'x', { filename: 'a.png.' });
  await readFile(flow, name).expectStatus(500);
  await showImage(flow, name).expectStatus(500);
});

requirement('FILES-036', async () => {
  const flow = await flowForFiles();
  await readFile(flow, await uploadFile(flow, 'x', { filename: '文.txt' })).expectStatus(500);
  await readFile(flow, await uploadFile(flow, 'x', { filename: 'ü.txt' })).expectStatus(200);
});

requirement('FILES-040', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, EVERY_BYTE, { filename: '文.png' });
  for (const as of [null, 'bob'] as const)
    expect((await showImage(flow, name, { as }).expectStatus(200)).bytes.equals(EVERY_BYTE)).toBe(true);
});

requirement('FILES-041', async () => {
  const flow = await flowForFiles();
  const types = {
    'a.png': 'image/png',
    'b.JPG': 'image/jpeg',
    'c.jpeg': 'image/jpeg',
    'd.tar.gif': 'image/gif',
    'e.Svg': 'image/svg+xml',
  };
  for (const [filename, type] of Object.entries(types)) {
    const { headers } = await showImage(flow, await uploadFile(flow, 'x', { filename })).expectStatus(200);
    expect(headers['content-type']).toBe(type);
  }
});

requirement('FILES-042', async () => {
  const flow = await flowForFiles();
  for (const filename of ['a.txt', 'png.pdf', 'c', 'd.html', 'e.webp'])
    await showImage(flow, await uploadFile(flow, 'x', { filename })).expectStatus(500);
});

requirement('FILES-043', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, 'x', { filename: 'a.png' });
  await showImage(flow, 'nothing.png').expectStatus(500);
  await showImage(NOBODY, name).expectStatus(500);
  await showImage(flow, name).expectStatus(200);
});

requirement('FILES-044', async () => {
  await showImage({ id: 'no-uuid' }, 'a..b.png').expectStatus(400);
  await showImage({ id: 'no-uuid' }, 'a.png').expectStatus(422);
});

type Picture = Record<'folder_name' | 'file_name', string>;

const pictures = async (): Promise<Picture[]> => {
  const { body } = await call('listProfilePictures').expectStatus(200);
  // The list has the order of the folder on the server.
  return body.files.toSorted().map((path) => {
    const [folder_name = '', file_name = ''] = path.split('/');
    return { folder_name, file_name };
  });
};
const picture = (path: Picture) => call('downloadProfilePicture', { path });

requirement('FILES-070', async () => {
  const folders = [...Map.groupBy(await pictures(), ({ folder_name }) => folder_name).values()];
  expect(folders.length).toBeGreaterThan(0);
  // A sample of each folder: a real deployment needs time for each picture.
  for (const path of folders.flatMap((all) => [all[0], all.at(-1)] as Picture[]))
    expect((await picture(path).expectStatus(200)).bytes.length).toBeGreaterThan(0);
});

requirement('FILES-071', async () => {
  expect(new Set((await pictures()).map(({ folder_name }) => folder_name))).toEqual(new Set(['People', 'Space']));
});

requirement('FILES-075', async () => {
  const drawings = (await pictures()).filter(({ file_name }) => file_name.endsWith('.svg'));
  for (const path of [drawings[0], drawings.at(-1)]) {
    const { headers, bytes } = await picture(path as Picture).expectStatus(200);
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(bytes.toString()).toContain('<svg');
  }
});

requirement('FILES-076', async () => {
  const [first] = await pictures();
  const folders = new Set((await pictures()).map(({ folder_name }) => folder_name));
  for (const folder_name of folders) await picture({ folder_name, file_name: 'no-such-picture.svg' }).expectStatus(404);
  for (const folder_name of folders)
    await picture({ folder_name, file_name: first?.file_name ?? '' }).expectStatus(
      folder_name === first?.folder_name ? 200 : 404,
    );
});

requirement('FILES-077', async () => {
  const [first] = await pictures();
  for (const folder_name of ['list', 'NoSuchFolder', first?.folder_name.toUpperCase() ?? '']) {
    await picture({ folder_name, file_name: first?.file_name ?? '' }).expectStatus(400);
  }
});

requirement('FILES-078', async () => {
  const folder_name = (await pictures())[0]?.folder_name ?? '';
  for (const { name, status } of OUTSIDE) await picture({ folder_name, file_name: name }).expectStatus(status);
  await picture({ folder_name: '../..', file_name: 'secret_key' }).expectStatus(404);
  await picture({ folder_name: 'a..b', file_name: 'a.svg' }).expectStatus(400);
});

requirement('FILES-193', async () => {
  const [first] = await pictures();
  const { body } = await picture({
    folder_name: first?.folder_name ?? '',
    file_name: `${first?.file_name}\0`,
  }).expectStatus(500);
  expect(body.detail).toContain('null byte');
});

requirement('FILES-079', async () => {
  const { body } = await picture({ folder_name: 'NoSuchFolder', file_name: 'a.svg' }).expectStatus(400);
  for (const folder of ['People', 'Space']) expect(body.detail).toContain(folder);
});

const uploadOld = (form: ReturnType<typeof formBody>) =>
  call('uploadTemporaryFile', { path: { flow_id: NOBODY.id }, ...form });
const hash = (content: string) => createHash('sha256').update(content).digest('hex');

requirement('FILES-080', async () => {
  for (const [filename, extension] of [
    ['a.txt', '.txt'],
    ['Makefile', ''],
    ['data.tar.gz', '.gz'],
  ] as const) {
    const { body } = await uploadOld(fileForm(filename, 'flowpact')).expectStatus(201);
    expect(body.flowId).toBe(NOBODY.id);
    expect(body.file_path.replaceAll('\\', '/').endsWith(`/${NOBODY.id}/${hash('flowpact')}${extension}`)).toBe(true);
  }
});

requirement('FILES-081', async () => {
  await call('listFiles', { path: { flow_id: NOBODY.id } }).expectStatus(404);
  await uploadOld(fileForm('a.txt', 'flowpact')).expectStatus(201);
});

requirement('FILES-082', async () => {
  for (const { form, error } of FORMS_WITHOUT_FILE) {
    const { body } = await uploadOld(form()).expectStatus(422);
    expect(errorSummaries(body)).toEqual([`${error} body.file`]);
  }
});

requirement('FILES-083', async () => {
  for (const form of BROKEN_PARTS) await uploadOld(form()).expectStatus(400);
  await uploadOld({
    rawBody: Buffer.from('garbage'),
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  }).expectStatus(400);
  await uploadOld({ rawBody: Buffer.from('garbage'), headers: { 'content-type': 'multipart/form-data' } }).expectStatus(
    400,
  );
});
