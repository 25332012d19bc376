import type { SocketHandler } from '../http/socket.ts';
import type { AnyHandlers, Handlers } from '../operation.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { buildRoutes } from './build.ts';
import { componentRoutes } from './components.ts';
import { configRoutes } from './config.ts';
import { customComponentRoutes } from './custom-components.ts';
import { fileRoutes } from './files.ts';
import { fileV2Routes } from './files-v2.ts';
import { flowRoutes } from './flows.ts';
import { flowTransferRoutes } from './flows-transfer.ts';
import { folderRoutes } from './folders.ts';
import { healthRoutes } from './health.ts';
import { knowledgeBaseRoutes } from './knowledge-bases.ts';
import { legacyRunRoutes } from './legacy-run.ts';
import { loginRoutes } from './login.ts';
import { logRoutes } from './logs.ts';
import { mcpRoutes } from './mcp.ts';
import { mcpClientRoutes } from './mcp-clients.ts';
import { mcpProjectTransportRoutes } from './mcp-project-transport.ts';
import { mcpProjectRoutes } from './mcp-projects.ts';
import { mcpServerRoutes } from './mcp-servers.ts';
import { messageRoutes } from './messages.ts';
import { monitorRoutes } from './monitor.ts';
import { projectRoutes } from './projects.ts';
import { projectTransferRoutes } from './projects-transfer.ts';
import { registrationRoutes } from './registration.ts';
import { responseRoutes } from './responses.ts';
import { runRoutes } from './run.ts';
import { sessionRoutes } from './sessions.ts';
import { starterProjectRoutes } from './starter-projects.ts';
import { storeRoutes } from './store.ts';
import { userRoutes } from './users.ts';
import { validateRoutes } from './validate.ts';
import { variableRoutes } from './variables.ts';
import { vertexRoutes } from './vertices.ts';
import { voiceRoutes, voiceSockets } from './voice.ts';

/** Every handler, by operationId; one module an area. */
export const handlers = {
  ...apiKeyRoutes,
  ...componentRoutes,
  ...configRoutes,
  ...customComponentRoutes,
  ...healthRoutes,
  ...validateRoutes,
  ...variableRoutes,
  ...voiceRoutes,
  ...loginRoutes,
  ...logRoutes,
  ...fileRoutes,
  ...fileV2Routes,
  ...flowTransferRoutes,
  ...flowRoutes,
  ...folderRoutes,
  ...projectTransferRoutes,
  ...projectRoutes,
  ...knowledgeBaseRoutes,
  ...registrationRoutes,
  ...storeRoutes,
  ...starterProjectRoutes,
  ...userRoutes,
  ...mcpClientRoutes,
  ...mcpProjectRoutes,
  ...mcpServerRoutes,
  ...mcpRoutes,
  ...mcpProjectTransportRoutes,
  ...messageRoutes,
  ...monitorRoutes,
  ...sessionRoutes,
  ...responseRoutes,
  ...runRoutes,
  ...legacyRunRoutes,
  ...buildRoutes,
  ...vertexRoutes,
} satisfies Handlers as unknown as AnyHandlers;

/** Every WebSocket handler, by operationId. */
export const socketHandlers: Record<string, SocketHandler | undefined> = voiceSockets;
