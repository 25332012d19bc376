import type { Requirement } from './index.ts';

/** The next free id of a prefix (`FLOWS`): one after the last. */
export function nextId(requirements: Iterable<Pick<Requirement, 'id'>>, prefix: string): string {
  let last = 0;
  for (const { id } of requirements)
    if (id.startsWith(`${prefix}-`)) last = Math.max(last, Number(id.slice(prefix.length + 1)));
  return `${prefix}-${String(last + 1).padStart(3, '0')}`;
}

/** The prefix of an area's ids: that of its requirements, or else its name in capitals. */
export function prefixOf(requirements: Requirement[], area: string): string {
  return (
    requirements.find((one) => one.area === area)?.id.split('-')[0] ?? area.replaceAll(/[^a-z]/g, '').toUpperCase()
  );
}
