import { ContentTooLarge } from '../files/content.ts';
import type { Mock } from '../mock.ts';
import { orjsonNumber, parseExact } from '../numbers.ts';
import { type HttpResponse, respond, type UploadedFile } from '../operation.ts';
import { compileRequest, type ErrorDetail } from '../validation/index.ts';
import { scanJson } from '../validation/json-scan.ts';
import { pydanticText } from '../validation/pydantic-text.ts';
import type { FlowCreate } from './rows.ts';

/** Thrown for a file that Langflow can't read: it answers 500 with the text of the exception. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile';
}

/** Runs the handler of an upload, and answers 500 for an UnreadableFile as a real server does. */
export function respondUnreadable<T>(read: () => T): T | HttpResponse {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableFile) return respond(500, { json: { message: error.message } });
    throw error;
  }
}

/** The JSON of the file in the field `file`. @throws UnreadableFile */
export function fileJson(files: UploadedFile[]): unknown {
  const bytes = bytesOf(files.find(({ field }) => field === 'file'));
  if (bytes.length === 0) throw new UnreadableFile('Input is a zero-length, empty document: line 1 column 1 (char 0)');
  const { hasExactNumbers, infinite } = scanJson(bytes);
  try {
    const text = bytes.toString('utf8');
    const content: unknown = hasExactNumbers ? parseExact(text, orjsonNumber) : JSON.parse(text);
    if (infinite < 0) return content;
  } catch {
    throw new UnreadableFile('unexpected character: line 1 column 1 (char 0)');
  }
  throw new UnreadableFile(`number is infinity when parsed as double: ${placeIn(bytes.toString('utf8', 0, infinite))}`);
}

/** The place where a text ends, in orjson's words. */
function placeIn(text: string): string {
  const lines = text.split('\n');
  return `line ${lines.length} column ${(lines.at(-1) as string).length + 1} (char ${text.length})`;
}

function bytesOf(file: UploadedFile | undefined): Buffer {
  try {
    return file?.content.bytes() ?? Buffer.alloc(0);
  } catch (error) {
    if (error instanceof ContentTooLarge) throw new UnreadableFile(error.message);
    throw error;
  }
}

/**
 * A flow in a file, checked as POST /api/v1/flows/ checks one.
 *
 * @throws UnreadableFile, or HttpError 422 for a forbidden endpoint name
 */
export function flowOfFile({ spec }: Mock, value: unknown): FlowCreate {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnreadableFile(
      'langflow.services.database.models.flow.model.FlowCreate() argument after ** must be a mapping',
    );
  }
  const { parameters: _, ...operation } = spec.operation('createFlow');
  const outcome = compileRequest(
    { ...operation, parameters: [] },
    spec.document,
  )({ params: {}, query: {}, headers: {}, body: value });
  if ('errors' in outcome)
    throw new UnreadableFile(pydanticText('FlowCreate', outcome.errors.map(withoutBodyLocation)));
  return outcome.values.body as FlowCreate;
}

/** Removes `body` from the location of a validation error: the file's flow is checked as a model of its own. */
const withoutBodyLocation = (error: ErrorDetail): ErrorDetail => ({ ...error, loc: error.loc.slice(1) });

/** The flows of `{flows: […]}`. @throws as flowOfFile */
export function flowsOfFile(mock: Mock, flows: unknown): FlowCreate[] {
  if (!Array.isArray(flows))
    throw new UnreadableFile(
      pydanticText('FlowListCreate', [
        { loc: ['flows'], type: 'list_type', msg: 'Input should be a valid list', input: flows },
      ]),
    );
  return flows.map((flow) => flowOfFile(mock, flow));
}
