import type { Mock } from '../mock.ts';
import { float } from '../numbers.ts';
import type { Handlers, JsonResponse } from '../operation.ts';
import type { KnowledgeBaseRow, UserRow } from '../store/tables.ts';

type KnowledgeBase = JsonResponse<'readKnowledgeBase'>;

export const knowledgeBaseRoutes = {
  listKnowledgeBases: ({ user }, { store }) => {
    const bases = store.knowledgeBases.all({ username: user.username }).map(toWireKnowledgeBase);
    return bases.sort((a, b) => (a.name < b.name ? -1 : 1));
  },

  deleteKnowledgeBases: ({ body, user, fail }, mock) => {
    const missing = body.kb_names.filter((id) => !removeBase(mock, user, id));
    const deleted_count = body.kb_names.length - missing.length;
    if (missing.length > 0 && deleted_count === 0) return fail(404, `Knowledge bases not found: ${missing.join(', ')}`);
    const result = { message: `Successfully deleted ${deleted_count} knowledge base(s)`, deleted_count };
    return missing.length > 0 ? { ...result, not_found: missing.join(', ') } : result;
  },

  readKnowledgeBase: ({ params, user, fail }, mock) => {
    const row = baseOf(mock, user, params.kb_name);
    return row ? toWireKnowledgeBase(row) : fail(404, notFound(params.kb_name));
  },

  deleteKnowledgeBase: ({ params, user, fail }, mock) => {
    if (!removeBase(mock, user, params.kb_name)) return fail(404, notFound(params.kb_name));
    return { message: `Knowledge base '${params.kb_name}' deleted successfully` };
  },
} satisfies Handlers;

const notFound = (id: string) => `Knowledge base '${id}' not found`;

const baseOf = ({ store }: Mock, { username }: UserRow, id: string) => store.knowledgeBases.find({ username, id });

function removeBase(mock: Mock, user: UserRow, id: string): boolean {
  const row = baseOf(mock, user, id);
  return row !== undefined && mock.store.delete('knowledgeBases', row.key);
}

const toWireKnowledgeBase = ({ key, username, ...row }: KnowledgeBaseRow): KnowledgeBase => ({
  ...row,
  avg_chunk_size: float(row.avg_chunk_size),
  name: displayName(row.id),
});

/** `my_notes-2b` -> `My Notes 2B`: Python's title(). */
function displayName(id: string): string {
  return id
    .replaceAll(/[_-]/g, ' ')
    .replaceAll(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
}
