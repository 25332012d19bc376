import inputKinds from '../../fixtures/inputs.json' with { type: 'json' };
import { HttpError } from '../errors.ts';
import { callPython } from '../python/interpreter.ts';
import { traceback } from '../python/traceback.ts';
import { pythonPackages as packages } from './python-packages.ts';

/** An input or an output as the code makes it: its kind and what it is given. */
export interface FieldCall {
  $kind: string;
  [argument: string]: unknown;
}

/** What the class of a component says, as far as it can be read without running it. */
export interface ComponentDescription {
  class: string;
  attributes: Record<string, unknown>;
  inputs: FieldCall[];
  outputs: FieldCall[];
  /** By method: the names of the types that it returns. */
  returns: Record<string, string[]>;
  dependencies: Dependency[];
}

export interface Dependency {
  name: string;
  version: string | null;
}

interface NeedsRunning {
  /** What only running the code could tell. */
  beyond: string;
}

const KINDS = Object.keys(inputKinds);

/** Reads a component's code. @throws HttpError 400 where a server refuses it, or where it would have to be run */
export async function describeComponent(code: string): Promise<ComponentDescription> {
  const found = await callPython<ComponentDescription | NeedsRunning | { error: string }>('describe_component', code, packages, KINDS);
  if ('error' in found) throw buildError(found.error);
  if ('beyond' in found) throw buildError(cannotTell(found));
  return found;
}

/** What a method that the class defines makes of its first argument; undefined where it defines none. @throws HttpError 400 where it raises an exception, or would have to be run */
export async function callMethod<T>(code: string, method: string, ...args: [T, ...unknown[]]): Promise<T | undefined> {
  const found = await callPython<{ changed: T } | { raised: string } | NeedsRunning | null>('call_method', code, packages, KINDS, method, ...args);
  if (!found) return undefined;
  if ('raised' in found) throw new HttpError(400, found.raised);
  if ('beyond' in found) throw new HttpError(400, cannotTell(found));
  return found.changed;
}

export const dependenciesOf = (code: string): Promise<Dependency[]> => callPython('dependencies_of', code, packages);

const cannotTell = ({ beyond }: NeedsRunning): string => `The mock reads Python and does not run it; it can't tell what this comes to: ${beyond}`;

/** As a server refuses a component; its traceback is not to be had without running the code. */
export function buildError(error: string): HttpError {
  const exception = error.startsWith('No Component subclass found') ? 'TypeError' : 'ValueError';
  return new HttpError(400, { error: `Error building Component: ${error}`, traceback: traceback(exception, error) });
}
