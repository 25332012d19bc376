import { paramsError } from '../flows/page.ts';
import { type Handlers, type HttpResponse, respond } from '../operation.ts';

/** The older name of projects: only redirects, also without a credential. */
export const folderRoutes = {
  listFolders: () => redirect('/'),
  createFolder: () => redirect('/'),
  readFolder: ({ params, query }) => {
    const { page, size, is_component, is_flow, search } = query;
    const error = paramsError(page, size);
    if (error) return respond(500, { json: { message: error } });
    const paged = page !== undefined || size !== undefined;
    const pairs = [
      is_component && 'is_component=True',
      is_flow && 'is_flow=True',
      search && `search=${search}`,
      paged && `page=${page || 1}`,
      paged && `size=${size || 50}`,
    ].filter(Boolean);
    return redirect(`/${params.folder_id}${pairs.length ? `?${pairs.join('&')}` : ''}`);
  },
  updateFolder: ({ params }) => redirect(`/${params.folder_id}`),
  deleteFolder: ({ params }) => redirect(`/${params.folder_id}`),
  downloadFolder: ({ params }) => redirect(`/download/${params.folder_id}`),
  uploadFolder: () => redirect('/upload/'),
} satisfies Handlers;

/** Percent-encodes as Starlette does: characters with a meaning in a URL stay, also `&` in a search. */
function redirect(to: string): HttpResponse {
  const location = encodeURI(`/api/v1/projects${to}`)
    .replaceAll('%25', '%')
    .replaceAll('%5B', '[')
    .replaceAll('%5D', ']');
  return respond(307, undefined, { location });
}
