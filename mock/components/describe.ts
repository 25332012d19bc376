import inputKinds from '../../fixtures/inputs.json' with { type: 'json' };
import { HttpError } from '../errors.ts';
import { callPython } from '../python/interpreter.ts';
import { traceback } from '../python/traceback.ts';
import { pythonPackages } from './python-packages.ts';

/** An input or output in the code: its class and its arguments. */
export interface FieldCall {
  $kind: string;
  [argument: string]: unknown;
}

/** The class of a component, as far as it can be read without running the code. */
export interface ComponentDescription {
  class: string;
  attributes: Record<string, unknown>;
  inputs: FieldCall[];
  outputs: FieldCall[];
  /** The names of the types that each method returns. */
  returns: Record<string, string[]>;
  dependencies: Dependency[];
}

export interface Dependency {
  name: string;
  version: string | null;
}

interface NeedsRunning {
  /** The expression whose value only running the code can tell. */
  beyond: string;
}

const KINDS = Object.keys(inputKinds);

/** Reads a component's code. @throws HttpError 400 if a real server refuses it, or if it would have to be run */
export async function describeComponent(code: string): Promise<ComponentDescription> {
  const found = await callPython<ComponentDescription | NeedsRunning | { error: string }>(
    'describe_component',
    code,
    pythonPackages(),
    KINDS,
  );
  if ('error' in found) throw buildError(found.error);
  if ('beyond' in found) throw buildError(cannotTell(found));
  return found;
}

/**
 * Evaluates a method of the class on its first argument; undefined if the class does not define it. @throws HttpError
 * 400 if the method raises an exception, or would have to be run
 */
export async function callMethod<T>(code: string, method: string, ...args: [T, ...unknown[]]): Promise<T | undefined> {
  const found = await callPython<{ changed: T } | { raised: string } | NeedsRunning | null>(
    'call_method',
    code,
    pythonPackages(),
    KINDS,
    method,
    ...args,
  );
  if (!found) return undefined;
  if ('raised' in found) throw new HttpError(400, found.raised);
  if ('beyond' in found) throw new HttpError(400, cannotTell(found));
  return found.changed;
}

export const dependenciesOf = (code: string): Promise<Dependency[]> =>
  callPython('dependencies_of', code, pythonPackages());

const cannotTell = ({ beyond }: NeedsRunning): string =>
  `The mock reads Python and does not run it; it can't tell what this comes to: ${beyond}`;

/** A real server's error for a component. Its traceback has no lines, since the code does not run. */
export function buildError(error: string): HttpError {
  const exception = error.startsWith('No Component subclass found') ? 'TypeError' : 'ValueError';
  return new HttpError(400, { error: `Error building Component: ${error}`, traceback: traceback(exception, error) });
}
