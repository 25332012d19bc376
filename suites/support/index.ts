/** What a suite file needs: `import { call, expect, given, requirement } from './support/index.ts'`. */
export { expect } from 'vitest';
export { type ApiResponse, call, callById, malformed, raw } from './call.ts';
export { type As, apiKeyOf, type Credential, makeCredential, person, tokenOf } from './credentials.ts';
export { catalogue, given, removeLater, uniqueName } from './given.ts';
export { requirement } from './requirement.ts';
export { context, type Person, people, spec } from './run-context.ts';
export { stream } from './stream.ts';
export { NotApplicable } from './verdict.ts';
export { watchList } from './watch-list.ts';
export {
  openRawSocket,
  openSocket,
  type SocketConversation,
  type SocketEvent,
  type SocketOptions,
} from './websocket.ts';
