import { isoNaive } from '../clock.ts';
import { HttpError } from '../errors.ts';
import { joinName, nameWithNumber, notLatin1, splitName, suffixOf } from '../files/names.ts';
import { streamResponse } from '../files/responses.ts';
import { type Disk, notFoundText, readFile, removeFile, saveFile, whyNotKept } from '../files/storage.ts';
import { zipChunks } from '../files/zip.ts';
import { fileStamp } from '../flows/archive.ts';
import { deleteServersFile, replaceServers, serversFile } from '../mcp/servers-file.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, type JsonResponse, respond } from '../operation.ts';
import type { Store } from '../store/store.ts';
import type { FileRow, UserRow } from '../store/tables.ts';
import { fileOf } from './files.ts';

type UserFile = JsonResponse<'renameFileV2'>;

const toWireFile = ({ id, name, path, size, provider }: FileRow): UserFile => ({ id, name, path, size, provider });

/** Longest LIKE pattern of SQLite. Names are searched by a pattern that ends in `%`. */
const MOST_PATTERN_BYTES = 50_000;

const storedName = ({ path }: FileRow): string => path.slice(path.lastIndexOf('/') + 1);
const fullName = (file: FileRow): string => file.name + suffixOf(file.path);

export const fileV2Routes = {
  createFileV2: ({ files, query, user, fail }, mock) => {
    const file = fileOf(files);
    const { filename } = file;
    if (!filename) return fail(400, 'No file provided');
    const { root, stored, existing } = chooseName(mock, user, filename, query.append ?? false);
    const why = whyNotKept(user.id, stored);
    if (why) return why.errno === 'ENOENT' ? fail(404, why.text) : fail(500, `Error accessing file: ${why.text}`);
    const size = saveFile(mock, user.id, stored, file, query.append);
    if (filename === `${serversFile(user)}.json`) replaceServers(mock, user, file.content.bytes().toString('utf8'));
    if (existing) return toWireFile(mock.store.files.update(existing.id, { size }));
    const now = isoNaive(mock.clock.now());
    const path = `${user.id}/${stored}`;
    const row = {
      id: mock.clock.uuid(),
      user_id: user.id,
      name: root,
      path,
      size,
      provider: null,
      created_at: now,
      updated_at: now,
    };
    return toWireFile(mock.store.files.insert(row));
  },

  listFilesV2: ({ user }, { store }) =>
    store.files.all({ user_id: user.id }).filter(({ name }) => name !== serversFile(user)),

  downloadFileV2: ({ params, query, user, fail }, mock) => {
    const file = mock.store.files.find({ id: params.file_id, user_id: user.id });
    if (!file) return fail(404, 'File not found');
    const content = readFile(mock, user.id, storedName(file));
    if (!content) return fail(404, `File not found: ${notFoundText(user.id, storedName(file))}`);
    if (query.return_content)
      return utf8(content.bytes()) ?? fail(500, 'Error reading file: 500: Invalid file encoding');
    const disposition = `attachment; filename="${fullName(file)}"`;
    const unsendable = notLatin1(disposition);
    if (unsendable) return fail(500, `Error downloading file: ${unsendable}`);
    return streamResponse(content, { 'content-type': 'application/octet-stream', 'content-disposition': disposition });
  },

  renameFileV2: ({ params, query, user, fail }, { store }) => {
    const file = store.files.find({ id: params.file_id, user_id: user.id });
    if (!file) return fail(500, 'Error editing file: 404: File not found');
    const { name } = query;
    const other = store.files.find({ user_id: user.id, name });
    // Langflow detects the conflict only after the response (FILES-153).
    if (other && other.id !== file.id) return toWireFile({ ...file, name });
    return toWireFile(store.files.update(file.id, { name }));
  },

  deleteFileV2: ({ params, user, fail }, mock) => {
    const file = mock.store.files.find({ id: params.file_id, user_id: user.id });
    if (!file) return fail(404, 'File not found');
    removeRow(mock, file);
    return { detail: `File ${file.name} deleted successfully` };
  },

  deleteAllFilesV2: ({ user }, mock) => {
    const files = mock.store.files.all({ user_id: user.id });
    for (const file of files) removeRow(mock, file);
    // The file of the MCP servers counts too, even if no user uploaded it.
    const unseen = deleteServersFile(mock, user) && !files.some(({ name }) => name === serversFile(user));
    return { message: `All ${files.length + Number(unseen)} files deleted successfully` };
  },

  // Langflow wraps these 404s in a 500 (FILES-172, FILES-181).
  downloadFilesV2: ({ body, user, fail }, mock) => {
    const files = selectFiles(mock.store, user, body);
    if (files.length === 0) return fail(500, 'Error downloading files: 404: No files found');
    const entries = files.map((file) => {
      const content =
        readFile(mock, user.id, storedName(file)) ??
        fail(404, `File not found: ${notFoundText(user.id, storedName(file))}`);
      return { name: fullName(file), content };
    });
    const now = mock.clock.now();
    const headers = {
      'content-type': 'application/x-zip-compressed',
      'content-disposition': `attachment; filename=${fileStamp(now)}_langflow_files.zip`,
    };
    return respond(200, { chunks: zipChunks(entries, now) }, headers);
  },

  deleteFilesV2: ({ body, user, fail }, mock) => {
    const files = selectFiles(mock.store, user, body);
    if (files.length === 0) return fail(500, 'Error deleting files: 404: No files found');
    for (const file of files) removeRow(mock, file);
    return { message: `${files.length} files deleted successfully` };
  },
} satisfies Handlers;

/** The name of a new file, the name under which its bytes are stored, and the file to which it is appended, if any. */
function chooseName(
  mock: Mock,
  user: UserRow,
  filename: string,
  append: boolean,
): { root: string; stored: string; existing?: FileRow | undefined } {
  const { store } = mock;
  const { root, extension } = splitName(filename);
  const named = store.files.find({ user_id: user.id, name: root });
  if (filename === `${serversFile(user)}.json`) {
    if (named) removeRow(mock, named);
    return { root, stored: filename };
  }
  if (append) return { root, stored: named ? storedName(named) : joinName(root, extension), existing: named };
  if (Buffer.byteLength(root) >= MOST_PATTERN_BYTES) {
    throw new HttpError(500, 'Database error: (sqlite3.OperationalError) LIKE or GLOB pattern too complex');
  }
  const others = store.files.all({ user_id: user.id }).map(({ name }) => name);
  const free = nameWithNumber(root, others);
  return { root: free, stored: joinName(free, extension) };
}

function selectFiles(store: Store, user: UserRow, ids: string[]): FileRow[] {
  const wanted = new Set(ids);
  return store.files.all({ user_id: user.id }).filter(({ id }) => wanted.has(id));
}

function removeRow(disk: Disk, file: FileRow): void {
  removeFile(disk, file.user_id, storedName(file));
  disk.store.delete('files', file.id);
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
