import { isObject, type JsonObject, tryParseJson } from '../../spec/json.ts';

/** A response to one of the runner's own requests, which are sent before and after the tests and never judged. */
export interface RunnerResponse {
  status: number;
  headers: Headers;
  type: string;
  /** Parsed if it is JSON, otherwise the text. */
  body: unknown;
  /** The fields of the body if it is an object. */
  members: JsonObject;
}

export interface RunnerRequest {
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  timeoutMs?: number;
}

/** @throws Error if there is no response in time */
export async function send(
  url: string,
  { method = 'GET', headers = {}, json, form, timeoutMs = 15_000 }: RunnerRequest = {},
): Promise<RunnerResponse> {
  const response = await fetch(url, {
    method,
    headers: { connection: 'close', ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(form && { body: new URLSearchParams(form) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  const body = (tryParseJson(text)?.value as unknown) ?? text;
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, headers: response.headers, type, body, members: isObject(body) ? body : {} };
}

/** The cause of a failed request: `connect ECONNREFUSED 127.0.0.1:1`. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  return cause?.message || cause?.code || message;
}
