import type { Mock } from '../mock.ts';
import { type Reply, reply, type UploadedFile } from '../operation.ts';
import { compileRequest, type ErrorDetail } from '../validation/index.ts';
import type { FlowCreate } from './rows.ts';

/** Thrown for a file that Langflow trips over: it answers 500 with the text of the exception. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile';
}

/** Runs the handler of an upload; a file that can't be read becomes the 500 of the real one. */
export function orUnreadable<T>(read: () => T): T | Reply {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableFile) return reply(500, { json: { message: error.message } });
    throw error;
  }
}

/** The JSON of the file in the field `file`. @throws UnreadableFile */
export function fileJson(files: UploadedFile[]): unknown {
  const text = files.find(({ field }) => field === 'file')?.bytes.toString('utf8') ?? '';
  if (text === '') throw new UnreadableFile('Input is a zero-length, empty document: line 1 column 1 (char 0)');
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableFile('unexpected character: line 1 column 1 (char 0)');
  }
}

/**
 * A flow of a file, checked as POST /api/v1/flows/ checks one.
 *
 * @throws UnreadableFile, or HttpError 422 for an endpoint name that is not allowed
 */
export function flowOfFile({ spec }: Mock, value: unknown): FlowCreate {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnreadableFile('langflow.services.database.models.flow.model.FlowCreate() argument after ** must be a mapping');
  }
  const { parameters: _, ...operation } = spec.operation('createFlow');
  const outcome = compileRequest({ ...operation, parameters: [] }, spec.document)({ params: {}, query: {}, headers: {}, body: value });
  if ('errors' in outcome) throw new UnreadableFile(pydanticText('FlowCreate', outcome.errors));
  return outcome.values.body;
}

/** The flows of `{flows: […]}`. @throws as flowOfFile */
export function flowsOfFile(mock: Mock, flows: unknown): FlowCreate[] {
  if (!Array.isArray(flows)) throw new UnreadableFile('1 validation error for FlowListCreate\nflows\n  Input should be a valid list [type=list_type]');
  return flows.map((flow) => flowOfFile(mock, flow));
}

/** A ValidationError as text, such as `1 validation error for FlowCreate`. */
function pydanticText(model: string, errors: ErrorDetail[]): string {
  const lines = errors.map(({ loc, msg, type }) => `${loc.slice(1).join('.')}\n  ${msg} [type=${type}]`);
  return `${errors.length} validation error${errors.length === 1 ? '' : 's'} for ${model}\n${lines.join('\n')}`;
}
