/** What a suite file needs: `import { call, expect, given, requirement } from './support/index.ts'`. */
export { expect } from 'vitest';
export { type Answer, call, type FilePart, type RequestOptions, raw } from './call.ts';
export { type As, apiKeyOf, type Presented, person, present, type Via } from './credentials.ts';
export { catalogue, given, logIn, removeLater, uniqueName } from './given.ts';
export { type CaseOf, requirement } from './requirement.ts';
export { context, type Person, people, spec } from './run-context.ts';
export { type Streamed, stream } from './stream.ts';
export { Blocked, NotApplicable } from './verdict.ts';
