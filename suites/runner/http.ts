import { isObject, type JsonObject } from '../../spec/json.ts';

/** The runner's own requests: before and after the tests, so never recorded and never judged. */
export interface Reply {
  status: number;
  headers: Headers;
  type: string;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
  /** The members of the body, where it is an object. */
  members: JsonObject;
}

export interface Send {
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  timeoutMs?: number;
}

/** @throws Error when the target does not answer in time. */
export async function ask(url: string, { method = 'GET', headers = {}, json, form, timeoutMs = 15_000 }: Send = {}): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: { connection: 'close', ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(form && { body: new URLSearchParams(form) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  const body = parse(text) ?? text;
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, headers: response.headers, type, body, members: isObject(body) ? body : {} };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What went wrong below HTTP, in words: `connect ECONNREFUSED 127.0.0.1:1`. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  return cause?.message || cause?.code || message;
}
