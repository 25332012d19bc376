import type { Handler, Handlers, OperationId } from '../operation.ts';
import { messageRoutes } from './messages.ts';
import { monitorRoutes } from './monitor.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { loginRoutes } from './login.ts';
import { userRoutes } from './users.ts';

/** Every handler, by operationId: one module a tag. */
export const handlers = {
  ...apiKeyRoutes,
  ...loginRoutes,
  ...userRoutes,
  ...messageRoutes,
  ...monitorRoutes,
} satisfies Handlers as unknown as Record<string, Handler<OperationId> | undefined>;
