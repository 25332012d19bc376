import { fileStamp, isExportable, NO_GRAPH, withoutKeys, zipOf } from '../flows/archive.ts';
import { firstFreeName } from '../flows/names.ts';
import { flowRow, takenNames, toWireFlow } from '../flows/rows.ts';
import { fileJson, flowsOfFile, respondUnreadable, UnreadableFile } from '../flows/upload.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, respond } from '../operation.ts';
import type { UserRow } from '../store/tables.ts';
import { pydanticText } from '../validation/pydantic-text.ts';
import { newProject } from './projects.ts';

export const projectTransferRoutes = {
  // Langflow wraps these 404s in a 500 (PROJECTS-036).
  downloadProject: async ({ params, user, fail }, { store, clock }) => {
    const project = store.projects.find({ id: params.project_id, user_id: user.id });
    if (!project) return fail(500, '404: Project not found');
    const flows = store.flows.all({ folder_id: project.id, user_id: user.id });
    if (flows.length === 0) return fail(500, '404: No flows found in project');
    if (!flows.every(isExportable)) return fail(500, NO_GRAPH);
    const now = clock.now();
    const zip = await zipOf(
      flows.map((flow) => withoutKeys(toWireFlow(flow))),
      now,
    );
    const filename = quoteFilename(`${fileStamp(now)}_${project.name}_flows.zip`);
    return respond(
      200,
      { bytes: zip },
      {
        'content-type': 'application/x-zip-compressed',
        'content-disposition': `attachment; filename*=UTF-8''${filename}`,
      },
    );
  },

  uploadProject: ({ files, user, fail }, mock) =>
    respondUnreadable(() => {
      const content = contentOf(fileJson(files), fail);
      if (!('folder_name' in content)) throw new UnreadableFile("'folder_name'");
      if (!('folder_description' in content)) throw new UnreadableFile("'folder_description'");
      if (!isProjectFile(content)) throw new UnreadableFile(pydanticText('FolderCreate', validationErrorsOf(content)));
      if (!('flows' in content)) return fail(400, 'No flows found in the data');
      return addProject(mock, user, content).map(toWireFlow);
    }),
} satisfies Handlers;

function contentOf(content: unknown, fail: (status: 400, detail: string) => never): Record<string, unknown> {
  if (!content || Object.keys(content).length === 0) return fail(400, 'No flows found in the file');
  if (typeof content !== 'object' || Array.isArray(content))
    throw new UnreadableFile('list indices must be integers or slices, not str');
  return content as Record<string, unknown>;
}

interface ProjectFile {
  folder_name: string;
  folder_description: string | null;
  flows?: unknown;
}

const isProjectFile = (content: Record<string, unknown>): content is Record<string, unknown> & ProjectFile =>
  validationErrorsOf(content).length === 0;

function validationErrorsOf({ folder_name, folder_description }: Record<string, unknown>) {
  const given = { name: folder_name, ...(folder_description !== null && { description: folder_description }) };
  const wrong = Object.entries(given).filter(([, value]) => typeof value !== 'string');
  return wrong.map(([name, input]) => ({
    loc: [name],
    type: 'string_type',
    msg: 'Input should be a valid string',
    input,
  }));
}

/** Adds a project with its flows. Taken names are changed; names that the flows of the file share are refused. */
function addProject(mock: Mock, user: UserRow, { folder_name, folder_description, flows }: ProjectFile) {
  const created = flowsOfFile(mock, flows);
  const names = takenNames(mock, user);
  const rows = created.map((flow) =>
    flowRow(mock, { ...flow, name: firstFreeName(flow.name, names) }, user.id, flow.updated_at),
  );
  const endpoints = mock.store.flows.all({ user_id: user.id }).map(({ endpoint_name }) => endpoint_name);
  const used = [...endpoints, ...rows.map(({ endpoint_name }) => endpoint_name)].filter((name) => name !== null);
  if (new Set(rows.map(({ name }) => name)).size < rows.length || new Set(used).size < used.length) {
    throw new UnreadableFile('(sqlite3.IntegrityError) UNIQUE constraint failed: flow.user_id, flow.name');
  }
  const projects = new Set(mock.store.projects.all({ user_id: user.id }).map(({ name }) => name));
  const id = mock.clock.uuid();
  mock.store.projects.insert(
    newProject(mock, user, { id, name: firstFreeName(folder_name, projects), description: folder_description }),
  );
  return rows.map((row) => mock.store.flows.insert({ ...row, folder_id: id }));
}

/** Percent-encodes as Python's quote does: a slash stays. */
function quoteFilename(text: string): string {
  const strict = encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return strict.replaceAll('%2F', '/');
}
