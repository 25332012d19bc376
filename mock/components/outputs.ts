import { buildError } from './describe.ts';

export interface Output {
  types: string[];
  selected: string | null;
  name: string;
  method: string;
  tool_mode: boolean;
  [attribute: string]: unknown;
}

/** An output in a node. @throws HttpError 400 for one that can't be used */
export function outputOf(given: Record<string, unknown>, returns: Record<string, string[]>): Output {
  const { name, method } = given;
  if (typeof name !== 'string') throw buildError('Field required');
  if (typeof method !== 'string') throw buildError(`Output ${name} does not have a method`);
  const types = [...new Set([...((given['types'] as string[] | undefined) ?? []), ...(returns[method] ?? [])])];
  return {
    types,
    selected: (given['selected'] as string | undefined) ?? types[0] ?? null,
    name,
    hidden: given['hidden'] ?? null,
    display_name: given['display_name'] ?? name,
    method,
    value: '__UNDEFINED__',
    cache: given['cache'] ?? true,
    required_inputs: given['required_inputs'] ?? null,
    allows_loop: given['allows_loop'] ?? false,
    loop_types: given['loop_types'] ?? null,
    group_outputs: given['group_outputs'] ?? false,
    options: given['options'] ?? null,
    tool_mode: (given['tool_mode'] as boolean | undefined) ?? true,
  };
}

/** The only output of a component in tool mode. */
export const toolset = (): Output =>
  outputOf({ name: 'component_as_tool', display_name: 'Toolset', method: 'to_toolkit' }, { to_toolkit: ['Tool'] });
