import type { Handler, Handlers, OperationId } from '../operation.ts';
import { messageRoutes } from './messages.ts';
import { monitorRoutes } from './monitor.ts';

/** Every handler, by operationId: one module a tag. */
export const handlers = {
  ...messageRoutes,
  ...monitorRoutes,
} satisfies Handlers as unknown as Record<string, Handler<OperationId> | undefined>;
