import { createHash } from 'node:crypto';
import echo from '../fixtures/flows/echo.json' with { type: 'json' };
import type { Message } from './support/conversation.ts';
import {
  BROKEN_PARTS,
  deleteFile,
  EVERY_BYTE,
  FORMS_WITHOUT_FILE,
  fileForm,
  flowForFiles,
  formBody,
  namesOf,
  readFile,
  removeUploadLater,
  showImage,
  uploadFile,
} from './support/files.ts';
import { type As, call, expect, given, raw, requirement, spec, stream, uniqueName } from './support/index.ts';
import { overLimit } from './support/limit.ts';
import { errorSummaries } from './support/validation-errors.ts';

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The monitor returns the list as JSON in a string. */
const filesIn = ({ files }: { files: string | string[] }): string[] =>
  typeof files === 'string' ? JSON.parse(files) : files;

const NOBODY = { id: '00000000-0000-4000-8000-000000000000' };
const UPLOAD = spec.operation('uploadFile').path;

type Flow = { id: string };
const upload = (flow: Flow, form: ReturnType<typeof formBody>, as?: As) =>
  call('uploadFile', { path: { flow_id: flow.id }, ...form, ...(as !== undefined && { as }) });

requirement('FILES-001', async () => {
  const flow = await flowForFiles();
  for (const content of [Buffer.from('hello\n'), EVERY_BYTE]) {
    const { bytes } = await readFile(flow, await uploadFile(flow, content)).expectStatus(200);
    expect(bytes.equals(content)).toBe(true);
  }
});

requirement('FILES-002', async () => {
  const flow = await flowForFiles();
  const response = await upload(flow, fileForm('a.txt', 'x')).expectStatus(201);
  const name = await removeUploadLater(flow, response);
  expect(response.body).toMatchObject({ flowId: flow.id, file_path: `${flow.id}/${name}` });
  expect(await namesOf(flow)).toEqual([name]);
  await readFile(flow, name).expectStatus(200);
});

requirement('FILES-003', async () => {
  expect(await uploadFile(await flowForFiles(), 'x', { filename: 'notes.txt' })).toMatch(
    /^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_notes\.txt$/,
  );
});

requirement('FILES-004', async () => {
  const flow = await flowForFiles();
  const names = ['grün 文 🙂.txt', 'Makefile', 'data.tar.gz', '.hidden', 'a;b, c.txt'];
  const made: string[] = [];
  for (const filename of names) made.push(await uploadFile(flow, filename, { filename }));
  expect(made.map((name) => name.slice('2026-01-31_12-00-00_'.length))).toEqual(names);
  expect((await namesOf(flow)).sort()).toEqual(made.sort());
});

requirement('FILES-005', async () => {
  const flow = await flowForFiles();
  const { bytes } = await readFile(flow, await uploadFile(flow, '')).expectStatus(200);
  expect(bytes).toHaveLength(0);
});

requirement('FILES-006', async () => {
  const name = await uploadFile(await flowForFiles(), 'hello', { filename: '' });
  expect(name).toMatch(new RegExp(`_${createHash('sha256').update('hello').digest('hex')}$`));
});

requirement('FILES-007', async () => {
  const flow = await flowForFiles();
  await upload(NOBODY, fileForm('a.txt', 'x')).expectStatus(404);
  for (const as of ['bob', 'admin'] as const) await upload(flow, fileForm('a.txt', 'x'), as).expectStatus(404);
  expect(await namesOf(flow)).toEqual([]);
});

requirement('FILES-008', async () => {
  await upload(NOBODY, formBody({ name: 'other', content: 'x' })).expectStatus(404);
});

requirement('FILES-009', async () => {
  const flow = await flowForFiles();
  for (const { form, error } of FORMS_WITHOUT_FILE) {
    const { body } = await upload(flow, form()).expectStatus(422);
    expect(errorSummaries(body)).toEqual([`${error} body.file`]);
  }
  expect(await namesOf(flow)).toEqual([]);
});

requirement('FILES-010', { readOnly: true }, async () => {
  for (const as of [null, 'alice'] as const) {
    for (const type of ['application/json', 'multipart/form-data', 'text/plain; boundary=x', undefined]) {
      const { body } = await call('uploadFile', {
        path: { flow_id: NOBODY.id },
        rawBody: '{}',
        headers: type ? { 'content-type': type } : {},
        as,
      }).expectStatus(422);
      expect(body.detail).toBeTypeOf('string');
    }
  }
});

requirement('FILES-011', { readOnly: true }, async () => {
  const { rawBody, headers } = fileForm('a.txt', 'x');
  for (const body of [
    '',
    'garbage',
    rawBody.subarray(0, -6),
    rawBody.subarray(1),
    Buffer.concat([rawBody, Buffer.from('x')]),
  ]) {
    for (const as of [null, 'alice'] as const) {
      const response = await upload(NOBODY, { rawBody: Buffer.from(body), headers }, as).expectStatus(422);
      expect(response.body.detail).toBeTypeOf('string');
    }
  }
  await upload(NOBODY, { rawBody, headers }, null).expectStatus(403);
});

requirement('FILES-012', { readOnly: true }, async () => {
  const { rawBody, headers } = fileForm('a.txt', 'x');
  const boundary = headers['content-type'].split('=').at(-1) as string;
  for (const odd of ["a'b", 'x'.repeat(71), `"${boundary}"`, `${boundary}; charset=utf-8`]) {
    const other = Buffer.from(rawBody.toString().replaceAll(boundary, odd));
    await upload(NOBODY, {
      rawBody: other,
      headers: { 'content-type': `multipart/form-data; boundary=${odd}` },
    }).expectStatus(422);
  }
});

requirement('FILES-013', async () => {
  const flow = await flowForFiles();
  for (const form of BROKEN_PARTS) await upload(flow, form()).expectStatus(400);
  expect(await namesOf(flow)).toEqual([]);
});

requirement('FILES-014', async () => {
  const flow = await flowForFiles();
  const parts = ['one', 'two'].map((text) => ({ name: 'file', filename: `${text}.txt`, content: text }));
  const name = await removeUploadLater(
    flow,
    await upload(flow, formBody(...parts, { name: 'other', content: 'x' })).expectStatus(201),
  );
  expect((await readFile(flow, name).expectStatus(200)).bytes.toString()).toBe('two');
  expect(await namesOf(flow)).toEqual([name]);
});

requirement('FILES-015', async () => {
  const flow = await flowForFiles();
  expect((await upload(flow, fileForm('folder/a.txt', 'x'))).status).toBeGreaterThanOrEqual(400);
  expect(await namesOf(flow)).toEqual([]);
});

requirement('FILES-016', async () => {
  const content = await overLimit();
  const flow = await flowForFiles();
  await upload(flow, fileForm('a.txt', content)).expectStatus(413);
  expect(await namesOf(flow)).toEqual([]);
});

requirement('FILES-017', async () => {
  const flow = await flowForFiles();
  const last = new Map<string, string>();
  // The name has the time of the upload in seconds: the three uploads mostly have one or two names.
  for (const text of ['1', '2', '3']) last.set(await uploadFile(flow, text), text);
  expect((await namesOf(flow)).sort()).toEqual([...last.keys()].sort());
  for (const [name, text] of last) expect((await readFile(flow, name).expectStatus(200)).bytes.toString()).toBe(text);
});

requirement('FILES-018', { readOnly: true }, async () => {
  const headers = { origin: 'http://app.example.org', 'access-control-request-method': 'POST' };
  await raw('OPTIONS', UPLOAD.replace('{flow_id}', NOBODY.id), { headers }).expectStatus(422);
});

requirement('FILES-019', async () => {
  const flow = await flowForFiles();
  const { rawBody, headers } = fileForm('a.txt', EVERY_BYTE);
  const response = await stream('uploadFile', {
    path: { flow_id: flow.id },
    rawBody,
    headers: { ...headers, 'transfer-encoding': 'chunked' },
  });
  expect(response.status).toBe(201);
  const name = await removeUploadLater(flow, { ...response, body: JSON.parse(response.text) });
  expect((await readFile(flow, name).expectStatus(200)).bytes.equals(EVERY_BYTE)).toBe(true);
});

requirement('FILES-050', async () => {
  const [flow, other] = [await flowForFiles(), await flowForFiles()];
  const names = [
    await uploadFile(flow, '1', { filename: 'a.txt' }),
    await uploadFile(flow, '2', { filename: 'b.txt' }),
  ];
  const foreign = await uploadFile(other, '3', { filename: 'c.txt' });
  expect((await namesOf(flow)).sort()).toEqual(names.sort());
  expect(await namesOf(other)).toEqual([foreign]);
});

requirement('FILES-051', async () => {
  expect(await namesOf(await flowForFiles())).toEqual([]);
});

requirement('FILES-052', async () => {
  const flow = await flowForFiles();
  await call('listFiles', { path: { flow_id: NOBODY.id } }).expectStatus(404);
  for (const as of ['bob', 'admin'] as const)
    await call('listFiles', { path: { flow_id: flow.id }, as }).expectStatus(404);
});

requirement('FILES-060', async () => {
  const flow = await flowForFiles();
  const [gone, kept] = [
    await uploadFile(flow, '1', { filename: 'a.png' }),
    await uploadFile(flow, '2', { filename: 'b.png' }),
  ];
  await deleteFile(flow, gone).expectStatus(200);
  expect(await namesOf(flow)).toEqual([kept]);
  await readFile(flow, gone).expectStatus(500);
  await showImage(flow, gone).expectStatus(500);
  await readFile(flow, kept).expectStatus(200);
});

requirement('FILES-061', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, 'x');
  for (const one of ['nothing.txt', name, name]) await deleteFile(flow, one).expectStatus(200);
  expect(await namesOf(flow)).toEqual([]);
});

requirement('FILES-062', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, 'x');
  for (const as of ['bob', 'admin'] as const) await deleteFile(flow, name, { as }).expectStatus(404);
  await deleteFile(NOBODY, name).expectStatus(404);
  expect(await namesOf(flow)).toEqual([name]);
});

requirement('FILES-063', async () => {
  const flow = await flowForFiles();
  const name = await uploadFile(flow, 'x');
  await deleteFile(flow, name).expectJson({ message: `File ${name} deleted successfully` });
});

requirement('FILES-020', async () => {
  const flow = await given.runnableFlow(echo);
  const chatInput =
    flow.data.nodes.find((node) => node.data.type === 'ChatInput')?.id ?? expect.fail('the flow has no ChatInput');
  for (const filename of ['a.txt', 'pixel.png']) {
    const name = await uploadFile(flow, PIXEL, { filename });
    const session_id = uniqueName('session');
    const tweaks = { [chatInput]: { files: [`${flow.id}/${name}`] } };
    await call('runFlow', {
      path: { flow_id_or_name: flow.id },
      body: { input_value: 'look', session_id, tweaks },
      via: 'header',
    }).expectStatus(200);
    const { body } = await call('listMessages', { query: { session_id } }).expectStatus(200);
    const [said, answered] = body as [Message, Message];
    expect(said.text).toBe('look');
    const [path, ...others] = filesIn(said);
    expect(path?.endsWith(`${flow.id}/${name}`)).toBe(true);
    expect([others, filesIn(answered)]).toEqual([[], []]);
  }
});

requirement('FILES-021', async () => {
  const flow = await flowForFiles();
  for (const filename of ['folder/a.txt', `${'x'.repeat(300)}.txt`])
    await upload(flow, fileForm(filename, 'x')).expectStatus(500);
});
