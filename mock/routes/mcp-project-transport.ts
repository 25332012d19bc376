import { NOT_FOUND, projectUser } from '../mcp/project-user.ts';
import type { McpContext } from '../mcp/server.ts';
import { openSession, postMessage } from '../mcp/sse.ts';
import { endSession, openStream, takeMessage } from '../mcp/streamable.ts';
import type { Mock } from '../mock.ts';
import { type Call, type Handlers, respond } from '../operation.ts';
import { bytesOf } from './mcp.ts';

export const mcpProjectTransportRoutes = {
  checkProjectMcpStream: () => respond(200),
  openProjectMcpStream: (call, mock) => openStream(contextOf(call, mock)),
  sendProjectMcpRequest: (call, mock) => takeMessage(bytesOf(call), contextOf(call, mock)),
  endProjectMcpSession: (call, mock) => {
    contextOf(call, mock);
    return endSession();
  },
  checkProjectMcpSse: () => respond(200),
  openProjectMcpSse: (call, mock) => {
    const context = { ...contextOf(call, mock), listChanged: true };
    // Where the project requires no key, only a project of the superuser has a stream (MCPTRANSPORT-033).
    if (mock.store.projects.get(call.params.project_id)?.user_id !== context.user.id) return call.fail(404, NOT_FOUND);
    return openSession(endpointOf(call), context);
  },
  sendProjectMcpMessage: (call, mock) => {
    projectUser(call as never, mock);
    return postMessage(endpointOf(call), call.query.session_id, bytesOf(call), call, mock);
  },
} satisfies Handlers;

type ProjectCall = Pick<Call<'openProjectMcpStream'>, 'params' | 'headers'>;

const endpointOf = ({ params }: ProjectCall): string => `/api/v1/mcp/project/${params.project_id}/`;

function contextOf(call: ProjectCall, mock: Mock): McpContext {
  return {
    mock,
    user: projectUser(call as never, mock),
    project: call.params.project_id,
    headers: call.headers,
    listChanged: false,
  };
}
