import { readFileSync } from 'node:fs';
import { type JournalLine, type Removal, remove } from '../support/removal.ts';
import type { Person } from '../support/run-context.ts';
import { send } from './http.ts';
import { credentialOf } from './people.ts';

/**
 * Removes what the journal says still exists, newest first. Never throws. Stops when the deployment no longer responds.
 *
 * @returns what was not removed
 */
export async function removeRemaining(url: string, journal: string): Promise<string[]> {
  const open = new Map<string, Removal>();
  for (const line of linesOf(journal)) {
    if ('made' in line) open.set(line.made, line.removal);
    else open.delete(line.removed);
  }
  const rest = [...open.values()].reverse();
  for (const [index, removal] of rest.entries()) {
    const answered = await remove(url, removal).then(
      () => true,
      () => false,
    );
    if (!answered) return rest.slice(index).map(({ what, method, path }) => `${what} (${method} ${path})`);
  }
  return [];
}

function linesOf(file: string): JournalLine[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

const LISTINGS = [
  '/api/v1/users/?limit=1000',
  '/api/v1/flows/?remove_example_flows=true&header_flows=true&get_all=true',
  '/api/v1/projects/',
  '/api/v1/variables/',
  '/api/v1/api_key/',
  '/api/v2/mcp/servers',
  '/api/v2/files',
];

/** Names of all that the deployment's own user can list, by id. Never throws: a failing list counts as empty. */
export async function listAll(url: string, admin: Person): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of LISTINGS) {
    const reply = await send(url + path, { headers: credentialOf(admin) }).catch(() => undefined);
    const list: unknown = Array.isArray(reply?.body)
      ? reply.body
      : (reply?.members['users'] ?? reply?.members['api_keys'] ?? []);
    if (!Array.isArray(list)) continue;
    for (const item of list) {
      const id = item?.id ?? item?.name;
      if (id) found.set(id, `${path.split('?')[0]} ${item.name ?? item.username ?? id}`);
    }
  }
  return found;
}

/**
 * What exists now, did not exist before, and has the run's id in its name. Tries again several times, since a real
 * deployment commits a deletion after its response.
 */
export async function leftovers(
  url: string,
  admin: Person,
  before: Map<string, string>,
  runId: string,
): Promise<string[]> {
  for (const pauseMs of [100, 400, 1500, 0]) {
    const after = await listAll(url, admin);
    const left = [...after].filter(([id, name]) => !before.has(id) && name.includes(runId)).map(([, name]) => name);
    if (left.length === 0 || pauseMs === 0) return left;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return [];
}
