import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { specFiles } from './fingerprint.ts';
import { escapeKey } from './json.ts';
import { applyOverlay, type OverlayStep } from './overlay.ts';
import { METHODS, type Method } from './path-template.ts';
import { SpecError, unknownVersion } from './spec-error.ts';
import type { Document, OperationObject, PathItem, Requirement } from './types.ts';

/** The folder of the contract's parts. */
export const SPEC_DIR = import.meta.dirname;

/** The content of a profile file: its releases, and their differences from the profile that it extends. */
export interface Profile {
  version: string;
  releases: string[];
  extends?: string;
  overlay?: OverlayStep[];
  facts?: Record<string, unknown>;
}

/** A compiled contract: plain JSON, so that a file can hold it. */
export interface CompiledSpec {
  version: string;
  releases: string[];
  document: Document;
  requirements: Requirement[];
  facts: Record<string, unknown>;
  /** The part that declares a path, schema or parameter, by its JSON pointer. */
  parts: Record<string, string>;
}

/**
 * Merges the parts, applies the profile of `version` and collects the requirements.
 *
 * @throws SpecError for a broken part, a name declared twice, or an unknown version; the message names the file.
 */
export function compileSpec(version: string, dir = SPEC_DIR): CompiledSpec {
  const parts = partsOf(dir);
  const document = parts.read('openapi.yaml') as Document;
  document.info.version = version;
  document.paths = parts.merge<PathItem>('paths', 'paths');
  const slugOf = (path: string) =>
    relative('spec/paths', parts.places[`/paths/${escapeKey(path)}`] ?? '').slice(0, -'.yaml'.length);
  addUnreadable(document);
  addTwins(document, slugOf);
  document.components.schemas = parts.merge('schemas', 'components/schemas');
  document.components.parameters = parts.merge('parameters', 'components/parameters');
  const { profile, steps, facts } = readProfile(version, parts);
  for (const { step, file } of steps) applyOverlay(document, step, file);
  const requirements = [...operationRequirements(document, version, slugOf), ...sharedRequirements(parts)];
  refuseDuplicates(requirements, (r) => r.id, 'requirement');
  return {
    version,
    releases: profile.releases,
    document,
    requirements: requirements.filter((requirement) => appliesTo(requirement, version)),
    facts,
    parts: parts.places,
  };
}

type Parts = ReturnType<typeof partsOf>;

function partsOf(dir: string) {
  const files = specFiles(dir);
  const read = (name: string): unknown => {
    try {
      return parse(readFileSync(join(dir, name), 'utf8'));
    } catch (error) {
      if (error instanceof YAMLParseError) throw new SpecError(`spec/${name}: ${error.message}`);
      throw new SpecError(`spec/${name} cannot be read: ${(error as Error).message}`);
    }
  };
  const filesIn = (folder: string) => files.filter((name) => name.startsWith(`${folder}/`));
  const places: Record<string, string> = {};
  /** Merges the maps of a folder by key, for a place in the document; a key declared twice is an error that names both files. */
  const merge = <T>(folder: string, place: string): Record<string, T> => {
    const merged: Record<string, T> = {};
    for (const file of filesIn(folder)) {
      for (const [key, value] of Object.entries((read(file) ?? {}) as Record<string, T>)) {
        const pointer = `/${place}/${escapeKey(key)}`;
        if (places[pointer])
          throw new SpecError(`spec/${file} declares ${key}, which ${places[pointer]} already declares`);
        places[pointer] = `spec/${file}`;
        merged[key] = value;
      }
    }
    return merged;
  };
  return { read, merge, filesIn, places };
}

interface ResolvedProfile {
  profile: Profile;
  steps: { step: OverlayStep; file: string }[];
  facts: Record<string, unknown>;
}

function readProfile(version: string, parts: Parts): ResolvedProfile {
  const file = `profiles/${version}.yaml`;
  if (!parts.filesIn('profiles').includes(file)) {
    const known = parts.filesIn('profiles').map((name) => name.slice('profiles/'.length, -'.yaml'.length));
    throw unknownVersion(version, known);
  }
  const profile = parts.read(file) as Profile;
  refuseUnknownKeys(profile, ['version', 'releases', 'extends', 'overlay', 'facts'], `spec/${file}`);
  for (const step of profile.overlay ?? []) {
    refuseUnknownKeys(step, ['at', 'set', 'merge', 'remove', 'why'], `spec/${file}: the overlay at ${step.at}`);
  }
  const base = profile.extends ? readProfile(profile.extends, parts) : { profile, steps: [], facts: {} };
  const steps = [...base.steps, ...(profile.overlay ?? []).map((step) => ({ step, file: `spec/${file}` }))];
  return { profile, steps, facts: { ...base.facts, ...profile.facts } };
}

/** Each operation of a document with its place, in the document's order. */
function* eachOperation(
  document: Document,
): Generator<{ path: string; method: Method; item: PathItem; operation: OperationObject }> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) yield { path, method, item, operation };
    }
  }
}

/**
 * Declares the 400 of every operation that FastAPI reads a JSON body or a form for: the body may be unreadable, for example
 * not UTF-8 (HTTP-093). No part repeats it.
 */
function addUnreadable(document: Document): void {
  for (const { operation } of eachOperation(document)) {
    const { requestBody: body } = operation;
    const types = Object.keys(body?.content ?? {});
    const read =
      !body?.['x-raw'] &&
      operation['x-unreadable'] !== false &&
      types.some((type) => type === 'application/json' || type === 'multipart/form-data');
    if (read) operation.responses['400'] ??= { $ref: '#/components/responses/Unreadable' };
    // A validation error that contains NaN cannot be written as JSON (HTTP-125, HTTP-128).
    if (read && types.includes('application/json'))
      operation.responses['500'] ??= { $ref: '#/components/responses/ServerError' };
  }
}

/**
 * `x-twin: { of, suffix }` gives a path the operations of another path, for example for a trailing slash or an older name;
 * with `methods`, only those.
 */
function addTwins(document: Document, slugOf: (path: string) => string): void {
  for (const [path, item] of Object.entries(document.paths)) {
    const { 'x-twin': twin, ...own } = item;
    if (!twin) continue;
    const original = document.paths[twin.of];
    if (!original || original['x-twin'])
      throw new SpecError(
        `spec/paths/${slugOf(path)}.yaml: ${path} is the twin of ${twin.of}, which has no operations of its own`,
      );
    const both: PathItem = { ...structuredClone(original), ...own };
    document.paths[path] = both;
    for (const method of METHODS) {
      if (twin.methods && !twin.methods.includes(method) && !own[method]) delete both[method];
      const operation = both[method];
      if (!operation || own[method]) continue;
      operation['x-twin-of'] = operation.operationId;
      operation.operationId += twin.suffix;
      delete operation['x-requirements'];
    }
  }
}

/** Collects the requirements of the operations, which keep only the ids of theirs. */
function operationRequirements(document: Document, version: string, slugOf: (path: string) => string): Requirement[] {
  const found: Requirement[] = [];
  for (const { path, operation } of eachOperation(document)) {
    const area = slugOf(path);
    operation['x-slug'] = area;
    const declared = (operation['x-requirements'] ?? []) as unknown as RawRequirement[];
    const own = declared.map((raw) => {
      const operations = [operation.operationId, ...(raw.operations ?? [])];
      return requirementFrom({ ...raw, operations }, area, `paths/${area}.yaml`);
    });
    found.push(...own);
    operation['x-requirements'] = own.filter((one) => appliesTo(one, version)).map(({ id }) => id);
  }
  return found;
}

const appliesTo = ({ versions }: Requirement, version: string): boolean =>
  versions.length === 0 || versions.includes(version);

function sharedRequirements(parts: Parts): Requirement[] {
  return parts.filesIn('requirements').flatMap((file) => {
    const list = parts.read(file) as RawRequirement[] | null;
    if (list !== null && !Array.isArray(list)) throw new SpecError(`spec/${file} must be a list of requirements`);
    return (list ?? []).map((raw) => requirementFrom(raw, file.slice('requirements/'.length, -'.yaml'.length), file));
  });
}

type RawRequirement = Omit<Requirement, 'area' | 'versions' | 'operations'> & {
  operations?: string[] | 'all' | 'secured';
  versions?: string[];
};

/** The keys of a requirement, in the order that the parts use. */
export const REQUIREMENT_KEYS: readonly (keyof RawRequirement)[] = [
  'id',
  'level',
  'text',
  'source',
  'operations',
  'capability',
  'tier',
  'versions',
  'untestable',
];

function requirementFrom(raw: RawRequirement, area: string, file: string): Requirement {
  refuseUnknownKeys(raw, REQUIREMENT_KEYS, `spec/${file}: the requirement ${raw.id}`);
  if (!raw.id || !raw.level || !raw.text || !raw.source) {
    throw new SpecError(
      `spec/${file}: a requirement needs id, level, text and source: ${JSON.stringify(raw).slice(0, 120)}`,
    );
  }
  return { ...raw, area, operations: raw.operations ?? [], versions: raw.versions ?? [] };
}

/** Catches a sentence that an unquoted comma cuts in two: in a flow map the rest becomes a key. */
function refuseUnknownKeys(value: object, known: readonly string[], what: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new SpecError(`${what} has the unknown key "${unknown}"; the known keys are ${known.join(', ')}`);
  }
}

function refuseDuplicates<T>(list: T[], key: (item: T) => string, what: string): void {
  const seen = new Set<string>();
  for (const item of list) {
    if (seen.has(key(item))) throw new SpecError(`The ${what} ${key(item)} is declared twice`);
    seen.add(key(item));
  }
}
