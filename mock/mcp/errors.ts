import { INVALID_PARAMS, type RpcError } from './messages.ts';

/** Thrown by a method whose response is a JSON-RPC error. */
export class McpError extends Error {
  override name = 'McpError';
  readonly error: RpcError;
  constructor(error: RpcError) {
    super(error.message);
    this.error = error;
  }
}

export const invalidParams: RpcError = { code: INVALID_PARAMS, message: 'Invalid request parameters', data: '' };

export const invalidParamsError = (): McpError => new McpError(invalidParams);
