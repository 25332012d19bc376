import { type JsonObject, keysOf, valueAt } from './json.ts';
import { SpecError } from './spec-error.ts';
import type { Document } from './types.ts';

/** One difference of a profile: at a JSON pointer (RFC 6901) into the merged document, one of set, merge, remove. */
export interface OverlayStep {
  at: string;
  set?: unknown;
  merge?: JsonObject;
  remove?: true;
  /** The release on which the difference was observed. */
  why: string;
}

/**
 * Applies one step to the document, in place.
 *
 * @throws SpecError that names the profile file and the pointer when the place does not exist.
 */
export function applyOverlay(document: Document, step: OverlayStep, file: string): void {
  const last = keysOf(step.at).at(-1);
  if (last === undefined) throw new SpecError(`${file}: an overlay needs a pointer below the root`);
  const holder = valueAt(document, step.at.slice(0, step.at.lastIndexOf('/')));
  if (typeof holder !== 'object' || holder === null) throw new SpecError(`${file}: there is nothing at ${step.at}`);
  const target = holder as JsonObject;
  if (step.remove) {
    if (!(last in target)) throw new SpecError(`${file}: there is nothing to remove at ${step.at}`);
    delete target[last];
  } else if (step.merge) {
    if (typeof target[last] !== 'object') throw new SpecError(`${file}: there is nothing to merge into at ${step.at}`);
    target[last] = { ...(target[last] as object), ...step.merge };
  } else {
    target[last] = step.set;
  }
}
