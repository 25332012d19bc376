import { namesIn, notFoundText, readFile } from '../files/storage.ts';
import { invalidParamsError, McpError } from './errors.ts';
import type { McpContext } from './server.ts';

/** Whatever the name of a file ends in: Langflow looks for the type of the whole name. */
const MEDIA_TYPE = 'application/octet-stream';

interface Resource {
  name: string;
  uri: string;
  description: string;
  mimeType: string;
}

/** The files of the flows, whoever's, or of those of a project; and the caller's own (MCP-040). */
export function listResources({ mock, user, project, headers }: McpContext): Resource[] {
  const { store } = mock;
  const resource = (folder: string, name: string, description: string): Resource => ({
    name,
    uri: `http://${headers.host}/api/v1/files/download/${folder}/${quoteName(name)}`,
    description,
    mimeType: MEDIA_TYPE,
  });
  const flows = store.flows.all(project ? { folder_id: project } : {});
  const ofFlows = flows.flatMap(({ id, name }) => namesIn(store, id).map((file) => resource(id, file, `File in flow: ${name}`)));
  const own = store.files.all({ user_id: user.id }).map(({ path, provider }) => ({ name: path.slice(path.lastIndexOf('/') + 1), provider }));
  const shown = own.filter(({ name }) => !name.startsWith(`_mcp_servers_${user.id}`));
  return [...ofFlows, ...shown.map(({ name, provider }) => resource(user.id, name, provider || 'User file uploaded via File Manager'))];
}

/** As Python's urllib quotes it. */
const quoteName = (name: string): string => encodeURIComponent(name).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The content of any file, named by the last two parts of the URI. It is encoded twice (MCP-041). */
export function readResource(uri: string, { mock }: McpContext): object {
  if (!URL.canParse(uri)) throw invalidParamsError();
  const [folder, name] = new URL(uri).pathname.split('/').filter(Boolean).slice(-2);
  if (folder === undefined || name === undefined) throw new McpError({ code: 0, message: `Invalid URI format: ${uri}` });
  const file = decodeURIComponent(name);
  const content = readFile(mock, folder, file);
  if (!content?.size) throw new McpError({ code: 0, message: notFoundText(folder, file) });
  const blob = Buffer.from(content.bytes().toString('base64')).toString('base64');
  return { contents: [{ uri, mimeType: MEDIA_TYPE, blob }] };
}
