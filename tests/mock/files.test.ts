import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nameWithNumber, notLatin1, suffixOf } from '../../mock/files/names.ts';
import { startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flowpact-files-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function ask(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  const authorization = await logIn(url);
  return fetch(url + path, { ...init, headers: { authorization } });
}

test('with a database the bytes of a file outlive the mock', async () => {
  const db = join(dir, 'mock.db');
  const content = Buffer.from([0, 255, 13, 10, 128]);
  let id: string;
  {
    await using mock = await startMock({ port: 0, db });
    const body = new FormData();
    body.append('file', new Blob([content]), 'grün.bin');
    ({ id } = (await (await ask(mock.url, '/api/v2/files', { method: 'POST', body })).json()) as { id: string });
  }
  await using mock = await startMock({ port: 0, db });
  const response = await ask(mock.url, `/api/v2/files/${id}`);
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
});

test('answers with files keep the contract', async () => {
  await using mock = await startMock({ port: 0, checkResponses: true });
  const body = new FormData();
  body.append('file', new Blob(['x']), 'a.txt');
  const made = await ask(mock.url, '/api/v2/files/', { method: 'POST', body });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  for (const path of [
    '/api/v2/files',
    `/api/v2/files/${id}`,
    `/api/v2/files/${id}?return_content=true`,
    '/api/v1/files/profile_pictures/Space/046-rocket.svg',
  ]) {
    expect((await ask(mock.url, path)).status, path).toBe(200);
  }
});

test('an extension is what pathlib takes for one', () => {
  expect(['a.txt', 'a.tar.gz', '.hidden', 'a.', 'a', 'd.x/a', ''].map(suffixOf)).toEqual([
    '.txt',
    '.gz',
    '',
    '',
    '',
    '',
    '',
  ]);
});

test('a name is numbered after those that are like it, as SQL has it', () => {
  expect(nameWithNumber('a', ['b'])).toBe('a');
  expect(nameWithNumber('a', ['a'])).toBe('a (1)');
  expect(nameWithNumber('a', ['abc', 'A (3)', 'a (12).txt', 'a (9) b'])).toBe('a (13)');
  expect(nameWithNumber('a_%', ['axyz (4)'])).toBe('a_% (5)');
  expect(nameWithNumber('a.*-[(', ['a.*-[('])).toBe('a.*-[( (1)');
  expect(nameWithNumber('ü', ['Ü'])).toBe('ü');
});

test('text that no header can hold is told as Python does', () => {
  expect(notLatin1('grün')).toBeUndefined();
  expect(notLatin1('ü 文')).toBe(
    "'latin-1' codec can't encode character '\\u6587' in position 2: ordinal not in range(256)",
  );
  expect(notLatin1('🙂 文')).toBe(
    "'latin-1' codec can't encode character '\\U0001f642' in position 0: ordinal not in range(256)",
  );
  expect(notLatin1('a文字b')).toBe(
    "'latin-1' codec can't encode characters in position 1-2: ordinal not in range(256)",
  );
});
