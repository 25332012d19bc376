import { type Effects, echo } from '../engine/effects.ts';
import { isImage } from '../files/media-types.ts';
import { readDisk } from '../files/storage.ts';
import type { Mock } from '../mock.ts';
import type { UserRow } from '../store/tables.ts';
import { keepBuild } from './records.ts';

/** For whom a run is, and what came with the request. */
export interface RunContext {
  user: UserRow | undefined;
  headers: Record<string, string | string[] | undefined>;
}

const NO_BYTES = Buffer.alloc(0);

/** What a run or a build does to this mock. */
export function effectsOf(mock: Mock, { user, headers }: RunContext): Effects {
  const { clock, store } = mock;
  const { messages, variables } = store;
  return {
    now: () => clock.now(),
    uuid: () => clock.uuid(),
    record: {
      message: (row) => void (messages.get(row.id) ? messages.update(row.id, row) : messages.insert(row)),
      completeMessage: (row) => void (messages.get(row.id) && messages.update(row.id, row)),
      build: (row) => keepBuild(mock, row),
    },
    isImage: (path) => isImage(readDisk(mock, path)?.head(16) ?? NO_BYTES),
    history: (session_id) => messages.all({ session_id }),
    variable: (name) => headerVariable(headers, name) ?? (user && variables.find({ user_id: user.id, name })?.value),
    missingVariable: (name) => String(mock.spec.facts['missingVariable']).replace('{name}', name),
    complete: echo,
  };
}

/** `x-langflow-global-var-NAME`: header names have no case, so the variable's is upper. */
function headerVariable(headers: RunContext['headers'], name: string): string | undefined {
  if (name !== name.toUpperCase()) return undefined;
  const value = headers[`x-langflow-global-var-${name.toLowerCase()}`];
  return Array.isArray(value) ? value[0] : value;
}
