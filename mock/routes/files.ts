import { HttpError } from '../errors.ts';
import { mediaTypeOf } from '../files/media-types.ts';
import { notLatin1, suffixOf } from '../files/names.ts';
import { profilePictures } from '../files/profile-pictures.ts';
import { sizedResponse, streamResponse } from '../files/responses.ts';
import { namesIn, notFoundText, readFile, removeFile, saveFile, whyNotKept } from '../files/storage.ts';
import type { Guards, Handlers, UploadedFile } from '../operation.ts';
import { findFlow } from '../runs/run-flow.ts';

/** The folder where a deployment stores files of the older upload. */
const CACHE = '/app/cache/langflow';

const BINARY = { 'content-type': 'application/octet-stream' };

/** The last file in the field `file`. Validation has checked that there is one. */
export const fileOf = (files: UploadedFile[]): UploadedFile =>
  files.findLast(({ field }) => field === 'file') as UploadedFile;

/** `2026-01-31_12-00-00` */
const stamp = (date: Date): string => date.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');

const noExtension = (name: string): string => `Extension not found for file ${name}`;

/** The flow is looked up before the form is validated (FILES-008). */
const withOwnFlow = {
  beforeBody(user, { params }, mock) {
    if (findFlow(mock, params.flow_id)?.user_id !== user.id) throw new HttpError(404, 'Flow not found');
  },
} satisfies Guards<'uploadFile' | 'listFiles' | 'downloadFile' | 'deleteFile'>;

/** The name is checked before authentication (FILES-032, FILES-044). */
const withGoodName = {
  beforeCredential({ params }) {
    if (/\.\.|\\/.test(params.file_name))
      throw new HttpError(400, "Invalid file name. Use a simple file name without directory paths or '..'.");
  },
} satisfies Guards<'downloadFile' | 'downloadImage' | 'deleteFile'>;

export const fileRoutes = {
  uploadFile: {
    ...withOwnFlow,
    handle: async ({ params, files, fail }, mock) => {
      const file = fileOf(files);
      const name = `${stamp(mock.clock.now())}_${file.filename || (await file.content.sha256())}`;
      const why = whyNotKept(params.flow_id, name);
      if (why) return fail(500, why.text);
      mock.store.unitOfWork(() => saveFile(mock, params.flow_id, name, file));
      return { flowId: params.flow_id, file_path: `${params.flow_id}/${name}` };
    },
  },

  downloadFile: {
    ...withGoodName,
    ...withOwnFlow,
    handle: ({ params, fail }, mock) => {
      const { flow_id, file_name } = params;
      if (!mediaTypeOf(file_name)) return fail(500, noExtension(file_name));
      const content = readFile(mock, flow_id, file_name);
      if (!content) return fail(500, notFoundText(flow_id, file_name));
      // Langflow's form, which violates RFC 6266.
      const disposition = `attachment; filename=${file_name} filename*=UTF-8''${file_name}`;
      const unsendable = notLatin1(disposition);
      if (unsendable) return fail(500, unsendable);
      return sizedResponse(content, { ...BINARY, 'content-disposition': disposition });
    },
  },

  downloadImage: {
    ...withGoodName,
    handle: ({ params, fail }, mock) => {
      const { flow_id, file_name } = params;
      const type = mediaTypeOf(file_name);
      if (!type) return fail(500, noExtension(file_name));
      if (!type.startsWith('image/')) return fail(500, `Content type ${type} is not an image`);
      const content = readFile(mock, flow_id, file_name);
      return content ? streamResponse(content, { 'content-type': type }) : fail(500, notFoundText(flow_id, file_name));
    },
  },

  listFiles: { ...withOwnFlow, handle: ({ params }, { store }) => ({ files: namesIn(store, params.flow_id) }) },

  // Deleting a file that does not exist succeeds too (FILES-061).
  deleteFile: {
    ...withGoodName,
    ...withOwnFlow,
    handle: ({ params }, mock) => {
      removeFile(mock, params.flow_id, params.file_name);
      return { message: `File ${params.file_name} deleted successfully` };
    },
  },

  listProfilePictures: () => ({
    files: [...profilePictures()].flatMap(([folder, pictures]) =>
      [...pictures.keys()].map((name) => `${folder}/${name}`),
    ),
  }),

  downloadProfilePicture: ({ params, fail }) => {
    const { folder_name, file_name } = params;
    if (folder_name.includes('..') || file_name.includes('..'))
      fail(400, "Path traversal patterns ('..') are not allowed in folder or file names");
    const folder = profilePictures().get(folder_name);
    if (!folder) return fail(400, `Folder must be one of: ${[...profilePictures().keys()].join(', ')}`);
    if (file_name.includes('\\')) return fail(400, "File name cannot contain path separators ('/' or '\\')");
    if (file_name.includes('\0')) return fail(500, 'embedded null byte');
    const bytes = folder.get(file_name);
    if (!bytes) return fail(404, `Profile picture ${folder_name}/${file_name} not found`);
    return streamResponse(bytes, { 'content-type': mediaTypeOf(file_name) ?? 'application/octet-stream' });
  },

  uploadTemporaryFile: async ({ params, files }, mock) => {
    const file = fileOf(files);
    const folder = `${CACHE}/${params.flow_id}`;
    const name = (await file.content.sha256()) + suffixOf(file.filename);
    mock.store.unitOfWork(() => saveFile(mock, folder, name, file));
    return { flowId: params.flow_id, file_path: `${folder}/${name}` };
  },
} satisfies Handlers;
