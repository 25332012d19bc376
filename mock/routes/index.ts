import type { Handler, OperationId } from '../operation.ts';

/** Every handler, by operationId: one module a tag. */
export const handlers: Record<string, Handler<OperationId> | undefined> = {};
