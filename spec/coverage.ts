import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Operation, operationObject, type Spec } from './index.ts';
import { fillPath } from './path-template.ts';

/** Statuses that an operation was seen to answer, by operationId. */
export type Seen = Record<string, number[]>;

/** A route that a release serves, from `surface/<version>.tsv`. */
export interface Route {
  method: string;
  path: string;
  /** How the vendor documents it: current, deprecated, legacy, or `-`. */
  documented: string;
}

export interface StatusCoverage {
  operation: Operation;
  status: number;
  /** Seen on the real release of the profile, and on the mock. */
  real: boolean;
  mock: boolean;
  /** Why a test can't show it: `x-untestable` of the response or, by status, of the operation. */
  untestable?: string;
}

export interface Coverage {
  routes: { route: Route; operation: Operation | undefined; handled: boolean; required: boolean }[];
  statuses: StatusCoverage[];
}

/** What the contract holds of a release's surface, and which of its statuses were seen. */
export function coverageOf(spec: Spec, routes: Route[], handled: (operation: Operation) => boolean, seen: { real: Seen; mock: Seen }): Coverage {
  const key = (method: string, path: string) => `${method} ${fillPath(path, () => '{}')}`;
  const byRoute = new Map(spec.operations.map((operation) => [key(operation.websocket ? 'WS' : operation.method, operation.path), operation]));
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
  // A twin answers as its original: requirements hold it against that one.
  const has = (one: Seen, status: number) => [operationId, operation.twinOf ?? operationId].some((id) => one[id]?.includes(status));
  return Object.keys(responses).map((code) => {
    const status = Number(code);
    const reason = untestable[code] ?? responses[code]?.['x-untestable'];
    return { operation, status, real: has(seen.real, status), mock: has(seen.mock, status), ...(reason && { untestable: reason }) };
  });
}

/** Neither seen on both, nor said to be untestable. */
export const isGap = ({ real, mock, untestable }: StatusCoverage): boolean => !(real && mock) && !untestable;

/** The routes of a version. @throws Error where none are on record */
export function readSurface(version: string): Route[] {
  const file = join(import.meta.dirname, 'surface', `${version}.tsv`);
  if (!existsSync(file)) throw new Error(`The surface of Langflow ${version} is not on record: there is no spec/surface/${version}.tsv`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [method = '', path = '', documented = ''] = line.split('\t');
      return { method, path, documented };
    });
}

const observedFile = (name: string) => join(import.meta.dirname, 'observed', `${name}.json`);

/** What runs on `name` (a release, or `mock`) were seen to answer; empty where none is on record. */
export const readObserved = (name: string): Seen => (existsSync(observedFile(name)) ? JSON.parse(readFileSync(observedFile(name), 'utf8')) : {});

/** Puts on record what a whole run saw, in place of what was. */
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
