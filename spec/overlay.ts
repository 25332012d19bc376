import type { Document } from './types.ts';

/** One difference of a profile: at a JSON pointer (RFC 6901) into the merged document, one of set, merge, remove. */
export interface OverlayStep {
  at: string;
  set?: unknown;
  merge?: Record<string, unknown>;
  remove?: true;
  /** Where the difference was seen. */
  why: string;
}

/**
 * Applies one step to the document, in place.
 *
 * @throws Error that names the profile file and the pointer when the place does not exist.
 */
export function applyOverlay(document: Document, step: OverlayStep, file: string): void {
  const keys = step.at
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  if (last === undefined) throw new Error(`${file}: an overlay needs a pointer below the root`);
  let holder: unknown = document;
  for (const key of keys) holder = (holder as Record<string, unknown> | undefined)?.[key];
  if (typeof holder !== 'object' || holder === null) throw new Error(`${file}: there is nothing at ${step.at}`);
  const target = holder as Record<string, unknown>;
  if (step.remove) {
    if (!(last in target)) throw new Error(`${file}: there is nothing to remove at ${step.at}`);
    delete target[last];
  } else if (step.merge) {
    if (typeof target[last] !== 'object') throw new Error(`${file}: there is nothing to merge into at ${step.at}`);
    target[last] = { ...(target[last] as object), ...step.merge };
  } else {
    target[last] = step.set;
  }
}
