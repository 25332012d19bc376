/** The methods that a path may have, as OpenAPI spells them. */
export const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;
export type Method = (typeof METHODS)[number];

/** Path templates: `/api/v1/flows/{flow_id}`. */

/** The names of the parameters, in their order. */
export const parameterNames = (template: string): string[] =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The path with a value for each parameter, without percent-encoding. */
export const fillPath = (template: string, value: (name: string) => string): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => value(name));

/** A pattern for paths of the template; each parameter is a named group. */
export function pathPattern(template: string): RegExp {
  const literal = template.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${fillPath(literal, (name) => `(?<${name}>[^/]+)`)}$`);
}
