/** How names that are taken are changed, as Langflow 1.7.3 does it: each kind in its own way. */

/** `name (1)`, or the number after the highest of the copies (FLOWS-014). */
export function freeFlowName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const numbers = [...taken].map((other) => copyNumber(other, name)).filter((number) => number !== undefined);
  return `${name} (${Math.max(0, ...numbers) + 1})`;
}

function copyNumber(other: string, name: string): number | undefined {
  if (!other.startsWith(`${name} (`) || !other.endsWith(')')) return undefined;
  const digits = other.slice(name.length + 2, -1);
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/** `name-1`, or the number after the highest last part of those that begin with `name-` (FLOWS-015). */
export function freeEndpointName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const numbers = [...taken].filter((other) => other.startsWith(`${name}-`)).map((other) => Number(other.slice(other.lastIndexOf('-') + 1)));
  return `${name}-${Math.max(0, ...numbers.filter(Number.isInteger)) + 1}`;
}

/** `name (1)`, or the number after the highest in brackets of all names that begin so (PROJECTS-005). */
export function freeProjectName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const numbers = [...taken]
    .filter((other) => other.startsWith(name) && other.includes('('))
    .map((other) => Number.parseInt(other.slice(other.lastIndexOf('(') + 1), 10));
  return `${name} (${Math.max(0, ...numbers.filter(Number.isInteger)) + 1})`;
}

/** The first of `name`, `name (1)`, `name (2)` … that is free: how an uploaded project and its flows are named (PROJECTS-038). */
export function firstFreeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 1; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}
