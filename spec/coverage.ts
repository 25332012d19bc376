import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Operation, operationObject, type Spec } from './index.ts';
import { fillPath } from './path-template.ts';

/** The observed statuses of each operation, by operationId. */
export type Seen = Record<string, number[]>;

/** A route of a release, from `surface/<version>.tsv`. */
export interface Route {
  method: string;
  path: string;
  /** How the vendor documents it: current, deprecated, legacy, or `-`. */
  documented: string;
}

export interface StatusCoverage {
  operation: Operation;
  status: number;
  /** Whether it was observed on the profile's release, and on the mock. */
  real: boolean;
  mock: boolean;
  /** Why no test can cause it: `x-untestable` of the response or, by status, of the operation. */
  untestable?: string;
}

export interface Coverage {
  routes: { route: Route; operation: Operation | undefined; handled: boolean; required: boolean }[];
  statuses: StatusCoverage[];
}

/** Which routes of a release the contract has, and which of its statuses were observed. */
export function coverageOf(
  spec: Spec,
  routes: Route[],
  handled: (operation: Operation) => boolean,
  seen: { real: Seen; mock: Seen },
): Coverage {
  const key = (method: string, path: string) => `${method} ${fillPath(path, () => '{}')}`;
  const byRoute = new Map(
    spec.operations.map((operation) => [key(operation.websocket ? 'WS' : operation.method, operation.path), operation]),
  );
  const named = new Set(spec.requirements.flatMap(({ operations }) => (Array.isArray(operations) ? operations : [])));
  return {
    routes: routes.map((route) => {
      const operation = byRoute.get(key(route.method, route.path));
      return {
        route,
        operation,
        handled: operation !== undefined && handled(operation),
        required: operation !== undefined && named.has(operation.operationId),
      };
    }),
    statuses: spec.operations.flatMap((operation) => statusesOf(spec, operation, seen)),
  };
}

function statusesOf(spec: Spec, operation: Operation, seen: { real: Seen; mock: Seen }): StatusCoverage[] {
  const { operationId, responses } = operation;
  const untestable = operationObject(spec.document, operation)?.['x-untestable'] ?? {};
  // A twin repeats its original, so a status of either counts for both.
  const has = (one: Seen, status: number) =>
    [operationId, operation.twinOf ?? operationId].some((id) => one[id]?.includes(status));
  return Object.keys(responses).map((code) => {
    const status = Number(code);
    const reason = untestable[code] ?? responses[code]?.['x-untestable'];
    return {
      operation,
      status,
      real: has(seen.real, status),
      mock: has(seen.mock, status),
      ...(reason && { untestable: reason }),
    };
  });
}

/** Not observed on both, and not marked as untestable. */
export const isGap = ({ real, mock, untestable }: StatusCoverage): boolean => !(real && mock) && !untestable;

/** Whether a whole run has recorded the operation: only then is a status that was not observed a gap, not just new. */
export const isRecorded = ({ operation }: StatusCoverage, real: Seen): boolean =>
  [operation.operationId, operation.twinOf ?? ''].some((id) => id in real);

/** The routes of a release line. @throws Error if there is no file of them */
export function readSurface(version: string): Route[] {
  const file = join(import.meta.dirname, 'surface', `${version}.tsv`);
  if (!existsSync(file))
    throw new Error(`There is no list of Langflow ${version}'s routes: spec/surface/${version}.tsv is missing`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [method = '', path = '', documented = ''] = line.split('\t');
      return { method, path, documented };
    });
}

const observedFile = (name: string) => join(import.meta.dirname, 'observed', `${name}.json`);

/** The statuses that were observed on `name` (a release, or `mock`); empty if there is no file of them. */
export const readObserved = (name: string): Seen =>
  existsSync(observedFile(name)) ? JSON.parse(readFileSync(observedFile(name), 'utf8')) : {};

/** Replaces the observed statuses of `name` by those of a whole run. */
export function writeObserved(name: string, matrix: { operationId: string; status: number }[]): void {
  const seen: Seen = {};
  for (const [operationId, cells] of Map.groupBy(matrix, (cell) => cell.operationId)) {
    seen[operationId] = [...new Set(cells.map(({ status }) => status))].sort((a, b) => a - b);
  }
  const sorted = Object.entries(seen).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(
    observedFile(name),
    `{\n${sorted.map(([id, statuses]) => `  ${JSON.stringify(id)}: ${JSON.stringify(statuses).replaceAll(',', ', ')}`).join(',\n')}\n}\n`,
  );
}
