import { ComponentError } from './errors.ts';

/**
 * Fills `{name}` as Python's str.format does.
 *
 * @throws ComponentError KeyError for a name without a value, ValueError for a brace that stands alone
 */
export function fill(template: string, values: Record<string, string>): string {
  refuseLoneBrace(template);
  return replaceNames(template, (name) => {
    const value = values[name];
    if (value === undefined) throw new ComponentError('KeyError', name);
    return value;
  });
}

/** The same, with nothing where there is no value. */
export function fillLeniently(template: string, values: Record<string, unknown>): string {
  return replaceNames(template, (name) =>
    values[name] === undefined || values[name] === null ? '' : String(values[name]),
  );
}

function replaceNames(template: string, replacement: (name: string) => string): string {
  return template.replaceAll(/\{\{|\}\}|\{([^{}]*)\}/g, (match, name?: string) =>
    name === undefined ? match.slice(1) : replacement(name.trim()),
  );
}

function refuseLoneBrace(template: string): void {
  const rest = template.replaceAll(/\{\{|\}\}|\{[^{}]*\}/g, '');
  if (rest.includes('{')) throw new ComponentError('ValueError', "expected '}' before end of string");
  if (rest.includes('}')) throw new ComponentError('ValueError', "Single '}' encountered in format string");
}
