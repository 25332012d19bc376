import { buildFlow, type Catalogue } from '../fixtures/build-flow.ts';
import echo from '../fixtures/flows/echo.json' with { type: 'json' };
import { type Loose, tryParseJson } from '../spec/json.ts';

/** A response that was read; `json` is undefined if the body is not JSON. */
export interface ClientResponse<Body = Loose> {
  status: number;
  headers: Headers;
  text: string;
  bytes: Uint8Array<ArrayBuffer>;
  json: Body;
}

export interface RequestContent {
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  body?: FormData;
}

/** Sends a request; any status resolves. */
export async function send<Body = Loose>(
  url: string,
  method: string,
  path: string,
  { headers = {}, json, form, body }: RequestContent = {},
): Promise<ClientResponse<Body>> {
  const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
  const content = json === undefined ? (form ? new URLSearchParams(form) : body) : JSON.stringify(json);
  const response = await fetch(url + path, {
    method,
    headers: { ...type, ...headers },
    ...(content !== undefined && { body: content }),
    signal: AbortSignal.timeout(60_000),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  return { status: response.status, headers: response.headers, text, bytes, json: tryParseJson(text)?.value as Body };
}

/** The body that creates an echo flow, with the deployment's own components. */
export async function echoFlow(url: string, headers: Record<string, string>, name: string): Promise<object> {
  const { json } = await send<Catalogue>(url, 'GET', '/api/v1/all', { headers });
  return { ...buildFlow(echo, json), name };
}
