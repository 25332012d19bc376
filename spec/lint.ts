import SwaggerParser from '@apidevtools/swagger-parser';
import { compiledSpec, type Operation, operationObject, type Spec, specFrom } from './index.ts';
import { fileOf, lintExamples } from './lint-examples.ts';
import { lintStructure, partOf } from './lint-structure.ts';
import type { CompiledSpec } from './load.ts';
import { nextId, prefixOf } from './next-id.ts';
import { parameterNames } from './path-template.ts';
import { SpecError } from './spec-error.ts';
import { profileVersions } from './versions.ts';

/** The mistakes in the contract of these profiles, one sentence each, with the part and the place in it. */
export async function lintContract(versions = profileVersions()): Promise<string[]> {
  const problems = new Set<string>();
  for (const version of versions) for (const problem of await lintVersion(version)) problems.add(problem);
  return [...problems];
}

async function lintVersion(version: string): Promise<string[]> {
  try {
    return await lintCompiled(await compiledSpec(version));
  } catch (error) {
    if (error instanceof SpecError) return [error.message];
    throw error;
  }
}

/** The mistakes in one compiled contract. */
export async function lintCompiled(source: CompiledSpec): Promise<string[]> {
  const misshapen = lintStructure(source);
  if (misshapen.length > 0) return misshapen;
  const spec = specFrom(source);
  const own = [
    ...duplicateOperationIds(spec),
    ...spec.operations.flatMap((operation) => lintOperation(spec, operation)),
    ...lintRequirements(spec),
  ];
  return [...(await validate(source)), ...own, ...lintExamples(spec)];
}

/** The mistakes that SwaggerParser finds. On 3.1 it accepts many mistakes that our own checks find. */
async function validate(source: CompiledSpec): Promise<string[]> {
  try {
    await new SwaggerParser().validate(structuredClone(source.document) as never);
    return [];
  } catch (error) {
    const lines = (error as Error).message.split('\n');
    const places = lines.flatMap((line) => {
      const [, pointer = '', what = ''] = /^\s*#(\/\S*) (.*)$/.exec(line) ?? [];
      return pointer ? [`${partOf(source, pointer)}: ${pointer} ${what}`] : [];
    });
    return places.length > 0 ? places : lines;
  }
}

function duplicateOperationIds({ operations }: Spec): string[] {
  const seen = new Map<string, Operation>();
  return operations.flatMap((operation) => {
    const other = seen.get(operation.operationId);
    seen.set(operation.operationId, operation);
    return other
      ? [
          `${operation.method} ${operation.path} and ${other.method} ${other.path} have the same operationId ${operation.operationId}`,
        ]
      : [];
  });
}

function lintOperation(spec: Spec, operation: Operation): string[] {
  const problems: string[] = [];
  const complain = (what: string) =>
    problems.push(`${fileOf(operation)}: ${operation.operationId ?? `${operation.method} ${operation.path}`} ${what}`);
  const raw = operationObject(spec.document, operation);
  if (!/^[a-z]+[A-Za-z0-9]+$/.test(operation.operationId ?? '')) complain('needs an operationId of a verb and a noun');
  if (!operation.summary) complain('has no summary');
  if (!raw?.['x-source']) complain('has no x-source: name the documentation or the release on which it was observed');
  if (!spec.document.tags.some(({ name }) => name === operation.tag))
    complain(`has the tag ${operation.tag}, which spec/openapi.yaml does not declare`);
  const inPath = parameterNames(operation.path);
  const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  for (const name of inPath) if (!declared.includes(name)) complain(`does not declare its path parameter ${name}`);
  for (const name of declared)
    if (!inPath.includes(name)) complain(`declares the path parameter ${name}, which its path does not have`);
  const statuses = Object.keys(operation.responses);
  // In a flow map an unquoted comma makes the second half of a sentence a key.
  for (const [status, reason] of Object.entries(raw?.['x-untestable'] ?? {})) {
    if (!statuses.includes(status))
      complain(`gives a reason in x-untestable for "${status}", a status that it does not declare`);
    if (typeof reason !== 'string') complain(`has no reason in x-untestable for ${status}`);
  }
  // Deprecated operations may refuse every request; MCP servers without sessions refuse DELETE with 405.
  if (!raw?.deprecated && !statuses.some((status) => Number(status) < 400 || status === '405'))
    complain('declares no success');
  // An empty alternative makes the credential optional.
  const open =
    operation.security.length === 0 || operation.security.some((alternative) => Object.keys(alternative).length === 0);
  // A WebSocket refuses a credential after the handshake.
  if (!open && !operation.websocket && !statuses.includes('403') && !statuses.includes('401'))
    complain('requires a credential and declares neither 401 nor 403');
  // Any bytes are a valid body of `*/*`.
  const body = operation.requestBody && !operation.requestBody['x-raw'] && !operation.requestBody.content['*/*'];
  if ((body || operation.parameters.some(({ schema }) => schema?.format === 'uuid')) && !statuses.includes('422'))
    complain('accepts input that can be invalid and declares no 422');
  const named = spec.requirements.some(
    ({ operations }) => Array.isArray(operations) && operations.includes(operation.operationId),
  );
  if (!named)
    complain(
      `has no requirement; the next free id is ${nextId(spec.requirements, prefixOf(spec.requirements, operation.slug))}`,
    );
  return problems;
}

function lintRequirements(spec: Spec): string[] {
  const known = new Set(spec.operations.map(({ operationId }) => operationId));
  return spec.requirements.flatMap((requirement) => {
    const problems: string[] = [];
    if (!/^[A-Z]+-\d{3}$/.test(requirement.id)) problems.push(`${requirement.id}: an id is a prefix and three digits`);
    if (!['MUST', 'SHOULD', 'MAY'].includes(requirement.level))
      problems.push(`${requirement.id}: the level ${requirement.level} is none of MUST, SHOULD, MAY`);
    if (Array.isArray(requirement.operations)) {
      for (const id of requirement.operations)
        if (!known.has(id)) problems.push(`${requirement.id} names the operation ${id}, which does not exist`);
    }
    return problems;
  });
}
