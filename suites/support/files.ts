import { expect } from 'vitest';
import type { QueryOf, Schema } from '../../spec/operations.ts';
import { call, type SendOptions } from './call.ts';
import type { As } from './credentials.ts';
import { given, removeLater, uniqueName } from './given.ts';

/** Helpers for the tests of files, in both versions of the API. */

export interface FormPart {
  name?: string;
  /** If set, the part is a file. */
  filename?: string;
  content: string | Buffer;
  /** Header lines that replace those made from `name` and `filename`. */
  head?: string;
}

/** A multipart body, byte by byte, with unescaped names. */
export function formBody(...parts: FormPart[]): { rawBody: Buffer; headers: { 'content-type': string } } {
  const boundary = `flowpact${crypto.randomUUID()}`;
  const head = ({ name, filename, head: own }: FormPart) =>
    own ??
    [
      'Content-Disposition: form-data',
      ...(name === undefined ? [] : [`name="${name}"`]),
      ...(filename === undefined ? [] : [`filename="${filename}"`]),
    ].join('; ');
  const pieces = parts.flatMap((part) => [`--${boundary}\r\n${head(part)}\r\n\r\n`, part.content, '\r\n']);
  const rawBody = Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece as string)));
  return { rawBody, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

/** A form with one file. */
export const fileForm = (filename: string, content: string | Buffer) => formBody({ name: 'file', filename, content });

/** Forms without a file, with the type of the validation error that they cause. */
export const FORMS_WITHOUT_FILE = [
  { form: () => formBody({ name: 'other', filename: 'a.txt', content: 'x' }), error: 'missing' },
  { form: () => formBody({ name: 'file', content: 'a text' }), error: 'value_error' },
];

export const BROKEN_PARTS = [
  () => formBody({ filename: 'a.txt', content: 'x' }),
  () => formBody({ head: 'no header', content: 'x' }),
  () => formBody({ head: 'Content-Type: text/plain', content: 'x' }),
];

/** All 256 bytes, and texts that could be mistaken for the end of a part. */
export const EVERY_BYTE = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('\r\n--\r\n--flowpact--\r\n'),
]);

/** A file name that no other test uses: `<what> <run>.txt`. */
export const uniqueFile = (extension = '.txt', what = 'file'): string => `${uniqueName(what)}${extension}`;

interface Options {
  as?: As;
  filename?: string;
}

/** Creates a flow for files, and waits for it: a real deployment may respond before it commits. */
export async function flowForFiles(): Promise<{ id: string }> {
  const flow = await given.flow();
  await expect.poll(async () => (await call('listFiles', { path: { flow_id: flow.id } })).status).toBe(200);
  return flow;
}

/** Uploads a file to a flow, and removes it at the end; returns its name there. */
export async function uploadFile(
  flow: { id: string },
  content: string | Buffer,
  { as, filename = 'a.txt' }: Options = {},
): Promise<string> {
  const response = await call('uploadFile', {
    path: { flow_id: flow.id },
    ...fileForm(filename, content),
    ...(as && { as }),
  }).expectStatus(201);
  return removeUploadLater(flow, response, as);
}

/** Removes an uploaded file at the end of the test. @returns its name */
export async function removeUploadLater(
  flow: { id: string },
  response: { body: Schema<'FlowFile'> },
  as?: As,
): Promise<string> {
  const path = response.body.file_path;
  const name = path.slice(path.indexOf('/') + 1);
  await removeLater('file of a flow', `/api/v1/files/delete/${flow.id}/${encodeURIComponent(name)}`, as);
  return name;
}

export const namesOf = async (flow: { id: string }, as?: As): Promise<string[]> =>
  (await call('listFiles', { path: { flow_id: flow.id }, ...(as && { as }) }).expectStatus(200)).body.files;

const at = (flow: { id: string }, file_name: string) => ({ path: { flow_id: flow.id, file_name } });
export const readFile = (flow: { id: string }, name: string, more: SendOptions = {}) =>
  call('downloadFile', { ...at(flow, name), ...more });
export const showImage = (flow: { id: string }, name: string, more: SendOptions = {}) =>
  call('downloadImage', { ...at(flow, name), ...more });
export const deleteFile = (flow: { id: string }, name: string, more: SendOptions = {}) =>
  call('deleteFile', { ...at(flow, name), ...more });

export type UserFile = Schema<'ListedFile'>;

/** Suffixes of the operations on all files of a user: each has a second path, with a slash at the end. */
export const WITH_SLASH = ['', 'Slash'] as const;
export type Slash = (typeof WITH_SLASH)[number];

interface MakeOptions extends Options {
  append?: boolean;
  slash?: Slash;
}

/**
 * Creates a file of a user, removed at the end, and waits until it is listed: a real deployment may respond before it
 * commits.
 */
export async function createFile(
  content: string | Buffer,
  { as, filename = uniqueFile(), append, slash = '' }: MakeOptions = {},
): Promise<Schema<'UserFile'>> {
  const options = {
    ...fileForm(filename, content),
    ...(append !== undefined && { query: { append } }),
    ...(as && { as }),
  };
  const { body } = await call(`createFileV2${slash}` as const, options).expectStatus(201);
  await removeLater('file', `/api/v2/files/${body.id}`, as);
  await expect.poll(() => listedFile(body, as)).toMatchObject(body);
  return body;
}

export const listFiles = async (as?: As, slash: Slash = ''): Promise<UserFile[]> =>
  (await call(`listFilesV2${slash}` as const, as ? { as } : {}).expectStatus(200)).body;

export const listedFile = async ({ id }: { id: string }, as?: As): Promise<UserFile | undefined> =>
  (await listFiles(as)).find((file) => file.id === id);

export const download = (file: { id: string }, more: SendOptions & { query?: QueryOf<'downloadFileV2'> } = {}) =>
  call('downloadFileV2', { path: { file_id: file.id }, ...more });

export const fileText = async (file: { id: string }): Promise<string> =>
  (await download(file).expectStatus(200)).bytes.toString();
