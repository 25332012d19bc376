import { namesIn, notFoundText, readFile } from '../files/storage.ts';
import { invalidParamsError, McpError } from './errors.ts';
import type { McpContext } from './server.ts';

/** Langflow guesses the type from the whole name, without success. */
const MEDIA_TYPE = 'application/octet-stream';

interface Resource {
  name: string;
  uri: string;
  description: string;
  mimeType: string;
}

/** The files of all users' flows, or of a project's flows, and the user's own files (MCP-040). */
export function listResources({ mock, user, project, headers }: McpContext): Resource[] {
  const { store } = mock;
  const resource = (folder: string, name: string, description: string): Resource => ({
    name,
    uri: `http://${headers.host}/api/v1/files/download/${folder}/${quoteName(name)}`,
    description,
    mimeType: MEDIA_TYPE,
  });
  const flows = store.flows.all(project ? { folder_id: project } : {});
  const ofFlows = flows.flatMap(({ id, name }) =>
    namesIn(store, id).map((file) => resource(id, file, `File in flow: ${name}`)),
  );
  const own = store.files
    .all({ user_id: user.id })
    .map(({ path, provider }) => ({ name: path.slice(path.lastIndexOf('/') + 1), provider }));
  const listed = own.filter(({ name }) => !name.startsWith(`_mcp_servers_${user.id}`));
  return [
    ...ofFlows,
    ...listed.map(({ name, provider }) => resource(user.id, name, provider || 'User file uploaded via File Manager')),
  ];
}

/** Percent-encodes as Python's urllib does. */
const quoteName = (name: string): string =>
  encodeURIComponent(name).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The content of any file. The last two parts of the URI name it. It is base64-encoded twice (MCP-041). */
export function readResource(uri: string, { mock }: McpContext): object {
  if (!URL.canParse(uri)) throw invalidParamsError();
  const [folder, name] = new URL(uri).pathname.split('/').filter(Boolean).slice(-2);
  if (folder === undefined || name === undefined)
    throw new McpError({ code: 0, message: `Invalid URI format: ${uri}` });
  const file = decodeURIComponent(name);
  const content = readFile(mock, folder, file);
  if (!content?.size) throw new McpError({ code: 0, message: notFoundText(folder, file) });
  const blob = Buffer.from(content.bytes().toString('base64')).toString('base64');
  return { contents: [{ uri, mimeType: MEDIA_TYPE, blob }] };
}
