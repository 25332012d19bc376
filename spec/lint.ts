import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Document, MediaTypeObject, Operation, Spec } from './index.ts';

/** What is wrong with the contract, a sentence each; empty when nothing is. */
export async function lintSpec(spec: Spec): Promise<string[]> {
  const problems: string[] = [];
  try {
    await new SwaggerParser().validate(structuredClone(spec.document) as never);
  } catch (error) {
    problems.push((error as Error).message);
  }
  // SwaggerParser accepts the following on 3.1: they are checked here.
  problems.push(...duplicateOperationIds(spec), ...spec.operations.flatMap((operation) => lintOperation(spec, operation)), ...lintRequirements(spec));
  return [...problems, ...lintExamples(spec)];
}

function duplicateOperationIds({ operations }: Spec): string[] {
  const seen = new Map<string, Operation>();
  return operations.flatMap((operation) => {
    const other = seen.get(operation.operationId);
    seen.set(operation.operationId, operation);
    return other ? [`${operation.method} ${operation.path} and ${other.method} ${other.path} have the same operationId ${operation.operationId}`] : [];
  });
}

function lintOperation(spec: Spec, operation: Operation): string[] {
  const problems: string[] = [];
  const complain = (what: string) => problems.push(`${operation.operationId ?? `${operation.method} ${operation.path}`} ${what}`);
  const raw = spec.document.paths[operation.path]?.[operation.method.toLowerCase()];
  if (!/^[a-z]+[A-Za-z0-9]+$/.test(operation.operationId ?? '')) complain('needs an operationId of a verb and a noun');
  if (!operation.summary) complain('has no summary');
  if (!raw['x-source']) complain('has no x-source: where is it described or observed?');
  if (!spec.document.tags.some(({ name }) => name === operation.tag)) complain(`has the tag ${operation.tag}, which the root does not declare`);
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  for (const name of inPath) if (!declared.includes(name as string)) complain(`does not declare its path parameter ${name}`);
  for (const name of declared) if (!inPath.includes(name)) complain(`declares the path parameter ${name}, which its path does not have`);
  const statuses = Object.keys(operation.responses);
  // A comma in a sentence that is not quoted makes a key of its second half.
  for (const [status, reason] of Object.entries(raw['x-untestable'] ?? {})) {
    if (!statuses.includes(status)) complain(`gives a reason in x-untestable for "${status}", a status that it does not declare`);
    if (typeof reason !== 'string') complain(`has no reason in x-untestable for ${status}`);
  }
  // What is gone for good still answers, in its own way; and MCP asks servers without sessions to refuse their ends.
  if (!raw.deprecated && !statuses.some((status) => Number(status) < 400 || status === '405')) complain('declares no success');
  // An empty alternative makes the credential optional.
  const open = operation.security.length === 0 || operation.security.some((alternative) => Object.keys(alternative).length === 0);
  // A WebSocket says no to a credential after the handshake.
  if (!open && !operation.websocket && !statuses.includes('403') && !statuses.includes('401'))
    complain('asks for a credential and declares neither 401 nor 403');
  // Any bytes are a right body of `*/*`.
  const body = operation.requestBody && !operation.requestBody['x-raw'] && !operation.requestBody.content['*/*'];
  if ((body || operation.parameters.some((p) => p.schema?.['format'] === 'uuid')) && !statuses.includes('422'))
    complain('takes input that can be wrong and declares no 422');
  const named = spec.requirements.some(({ operations }) => Array.isArray(operations) && operations.includes(operation.operationId));
  if (!named) complain('has no requirement');
  return problems;
}

function lintRequirements(spec: Spec): string[] {
  const known = new Set(spec.operations.map(({ operationId }) => operationId));
  return spec.requirements.flatMap((requirement) => {
    const problems: string[] = [];
    if (!/^[A-Z]+-\d{3}$/.test(requirement.id)) problems.push(`${requirement.id}: an id is a prefix and three digits`);
    if (!['MUST', 'SHOULD', 'MAY'].includes(requirement.level)) problems.push(`${requirement.id}: the level ${requirement.level} is none of MUST, SHOULD, MAY`);
    if (Array.isArray(requirement.operations)) {
      for (const id of requirement.operations) if (!known.has(id)) problems.push(`${requirement.id} names the operation ${id}, which does not exist`);
    }
    return problems;
  });
}

/** Every example must be valid against the schema it stands beside. */
function lintExamples(spec: Spec): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(spec.document as object, 'spec');
  return [...eachMediaType(spec.document, spec.operations)].flatMap(({ where, pointer, media }) => {
    const examples = [...(media.example === undefined ? [] : [media.example]), ...Object.values(media.examples ?? {}).map(({ value }) => value)];
    if (!media.schema) return where.includes('application/json') ? [`${where} has no schema`] : [];
    try {
      const validate = ajv.compile({ $ref: `spec#${pointer}/schema` });
      return examples
        .filter((example) => !validate(example))
        .map(() => `An example of ${where} is not valid: ${ajv.errorsText(validate.errors, { separator: '; ' })}`);
    } catch (error) {
      return [`The schema of ${where} can't be used: ${(error as Error).message}`];
    }
  });
}

function* eachMediaType(document: Document, operations: Operation[]): Generator<{ where: string; pointer: string; media: MediaTypeObject }> {
  for (const { operationId, path, method } of operations) {
    const raw = document.paths[path]?.[method.toLowerCase()];
    const base = `/paths/${encode(path)}/${method.toLowerCase()}`;
    for (const side of raw['x-websocket'] ? ['send', 'receive'] : []) {
      yield { where: `what ${operationId} ${side}s (application/json)`, pointer: `${base}/x-websocket/${side}`, media: raw['x-websocket'][side] ?? {} };
    }
    for (const [type, media] of Object.entries(raw.requestBody?.content ?? {})) {
      yield { where: `the request of ${operationId} (${type})`, pointer: `${base}/requestBody/content/${encode(type)}`, media: media as MediaTypeObject };
    }
    for (const [status, response] of Object.entries<any>(raw.responses)) {
      for (const [type, media] of Object.entries(response.content ?? {})) {
        yield { where: `${operationId} ${status} (${type})`, pointer: `${base}/responses/${status}/content/${encode(type)}`, media: media as MediaTypeObject };
      }
    }
  }
}

const encode = (key: string) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
