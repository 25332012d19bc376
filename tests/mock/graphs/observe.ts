import { buildFlow, type Catalogue } from '../../../fixtures/build-flow.ts';
import echo from '../../../fixtures/flows/echo.json' with { type: 'json' };
import { type Variant, variantsOf } from './variants.ts';

/**
 * What a deployment says of a graph, by each way that leads to it: a status and its words, or the events that matter.
 */
export type Observation = Record<string, unknown>;

type Json = Record<string, any>;

interface Response {
  status: number;
  text: string;
  json: any;
}

/** A build of so few vertices that has more events goes on for ever. */
const MOST_EVENTS = 24;
/** After this time a request is taken for one that gets no response. */
const PATIENCE_MS = 10_000;
/** After this time without an event a build is taken for one that says no more. */
const QUIET_MS = 1500;

/** A client of one deployment. */
export async function openObserver(url: string, account = { username: 'langflow', password: 'langflow' }) {
  let headers: Record<string, string> = {};
  const ask = async (method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Response> => {
    const type = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const signal = init.signal ?? AbortSignal.timeout(PATIENCE_MS);
    const all = { ...type, ...headers, ...(init.headers as object) };
    try {
      const go = () => fetch(url + path, { method, ...sent, headers: all, signal });
      // A connection that the server closed while it was idle.
      const response = await go().catch((error) => (error instanceof TypeError ? go() : Promise.reject(error)));
      const text = await response.text();
      return { status: response.status, text, json: parsed(text) };
    } catch (error) {
      if ((error as Error).name !== 'TimeoutError') throw error;
      return { status: 0, text: '', json: undefined };
    }
  };
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const { json } = await ask('POST', '/api/v1/login', new URLSearchParams(account).toString(), form);
  headers = { authorization: `Bearer ${json.access_token}` };
  const key = (await ask('POST', '/api/v1/api_key/', { name: 'graphs' })).json.api_key as string;
  headers['x-api-key'] = key;
  const catalogue = (await ask('GET', '/api/v1/all')).json as Catalogue;
  const { id: other } = (
    await ask('POST', '/api/v1/flows/', { ...buildFlow(echo, catalogue), name: `payload-${Date.now()}` })
  ).json as { id: string };

  /** Every way for one graph. */
  async function observe({ data }: Variant): Promise<Observation> {
    const name = `graph-${crypto.randomUUID().slice(0, 8)}`;
    const made = await ask('POST', '/api/v1/flows/', { name, description: 'A graph', data });
    if (made.status !== 201)
      return {
        create: refusal(made),
        buildPayload: await build(other, { data }),
        sortPayload: await sort(other, data),
      };
    const id = made.json.id as string;
    const hide = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replaceAll(id, 'FLOW').replaceAll(other, 'FLOW').replaceAll(name, 'NAME'));
    try {
      const run = runResult(await ask('POST', `/api/v1/run/${id}`, { input_value: 'hello' }));
      const common = { create: made.status, run, build: await build(id, {}), sort: await sort(id, undefined) };
      const tools = await toolOf(name);
      // A graph that runs does so by every way.
      if (Array.isArray(run) && run[0]?.inputs) return hide({ ...common, tools });
      return hide({
        ...common,
        tools,
        stream: streamEvents(await ask('POST', `/api/v1/run/${id}?stream=true`, { input_value: 'hello' })),
        advanced: runResult(await ask('POST', `/api/v1/run/advanced/${id}`, { inputs: [{ input_value: 'hello' }] })),
        responses: responseText(await ask('POST', '/api/v1/responses', { model: id, input: 'hello' })),
        responsesStream: responseStream(
          await ask('POST', '/api/v1/responses', { model: id, input: 'hello', stream: true }),
        ),
        // A graph that can be read is remembered from the ways before.
        ...(Array.isArray(common.sort) && { vertex: await buildVertex(id) }),
        webhook: refusal(await ask('POST', `/api/v1/webhook/${id}`, { hello: 1 })),
        tool: await callTool(name),
        buildPayload: await build(other, { data }),
        sortPayload: await sort(other, data),
      });
    } finally {
      await ask('DELETE', `/api/v1/flows/${id}`);
    }
  }

  async function build(id: string, extra: object): Promise<unknown> {
    const body = { inputs: { input_value: 'hello', session: 'graphs' }, ...extra };
    const started = await ask('POST', `/api/v1/build/${id}/flow?log_builds=false&event_delivery=polling`, body);
    const job = started.json?.job_id as string | undefined;
    if (!job) return refusal(started);
    const events: unknown[] = [];
    while (events.length < MOST_EVENTS) {
      const signal = AbortSignal.timeout(QUIET_MS);
      const more = await ask('GET', `/api/v1/build/${job}/events?event_delivery=polling`, undefined, { signal });
      if (more.status === 0) return [...events, 'quiet'];
      const lines = more.text.split('\n').filter(Boolean);
      const found = lines.map((line) => parsed(line) as Json);
      events.push(...found.map(buildEvent));
      if (found.some(({ event }) => event === 'end')) return events;
      // Nothing comes after the error of a build that could not begin.
      if (events.length === 1 && found[0]?.['event'] === 'error') return events;
    }
    await ask('POST', `/api/v1/build/${job}/cancel`);
    return [...events.slice(0, MOST_EVENTS), 'goes on'];
  }

  async function sort(id: string, data: unknown): Promise<unknown> {
    const response = await ask('POST', `/api/v1/build/${id}/vertices`, data);
    const { ids, vertices_to_run } = response.json ?? {};
    return response.status === 200 ? { ids, to_run: (vertices_to_run as string[]).toSorted() } : refusal(response);
  }

  const buildVertex = async (id: string) =>
    refusal(await ask('POST', `/api/v1/build/${id}/vertices/ChatInput-echo1`, {}));

  async function rpc(method: string, params: object): Promise<any> {
    const { text } = await ask('POST', '/api/v1/mcp/streamable', { jsonrpc: '2.0', id: 1, method, params });
    const answer = parsed(/data: (.*)/.exec(text)?.[1] ?? text);
    return answer?.result ?? answer?.error ?? text;
  }

  async function toolOf(name: string): Promise<unknown> {
    const result = await rpc('tools/list', {});
    const tool = result.tools?.find((one: Json) => one['name'] === name.replace('-', '_'));
    if (!tool) return result.tools ? 'not listed' : result;
    const { properties, required } = tool.inputSchema;
    // What is said of a field is the catalogue's own.
    const types = Object.entries<Json>(properties).map(([field, { type }]) => [field, type]);
    return { types: Object.fromEntries(types), required };
  }

  const callTool = async (name: string) =>
    toolResult(await rpc('tools/call', { name: name.replace('-', '_'), arguments: { input_value: 'hello' } }));

  return { observe, variants: variantsOf(catalogue) };
}

function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A status and what the body says. */
function refusal({ status, json, text }: Response): unknown[] {
  const detail = json?.detail ?? json?.message ?? json ?? text;
  if (Array.isArray(detail)) return [status, ...detail.map(({ loc, msg }: Json) => [loc.join('.'), msg])];
  const inner = typeof detail === 'string' ? parsed(detail) : undefined;
  return [status, inner?.message ? { message: inner.message, suggestion: inner.suggestion } : detail];
}

function runResult(response: Response): unknown {
  if (response.status !== 200) return refusal(response);
  return (response.json.outputs as Json[]).map(({ inputs, outputs }) => ({ inputs, outputs: outputs.map(outputOf) }));
}

const outputOf = (output: Json | null): unknown =>
  output && [
    output['component_id'],
    output['component_display_name'],
    output['results']?.message?.text,
    output['messages']?.map(({ message }: Json) => message),
  ];

function streamEvents({ status, text }: Response): unknown {
  const events = text
    .split('\n\n')
    .filter(Boolean)
    .map((line) => parsed(line) as Json);
  return [
    status,
    ...events.map(({ event, data }) => [
      event,
      data.text ?? data.error ?? runResult({ status: 200, text, json: data.result }),
    ]),
  ];
}

function responseText(response: Response): unknown {
  const { json } = response;
  return response.status === 200 ? (json.error?.message ?? json.output?.[0]?.content?.[0]?.text) : refusal(response);
}

const responseStream = ({ status, text }: Response): unknown => [
  status,
  [...text.matchAll(/"delta": ?(\{.*?\})/g)].map(([, delta]) => delta),
];

function toolResult(result: Json): unknown {
  return result['content'] ? [result['isError'], ...result['content'].map(({ text }: Json) => text)] : result;
}

function buildEvent({ event, data }: Json): unknown {
  if (event === 'vertices_sorted') return [event, data.ids, data.to_run.toSorted()];
  if (event === 'end_vertex') {
    const { id, valid, params, next_vertices_ids: next } = data.build_data;
    return [event, id, valid, ...(valid ? [] : [params]), next.toSorted()];
  }
  if (event !== 'error') return [event, ...(data.text === undefined ? [] : [data.text])];
  const [block] = data.content_blocks ?? [];
  const content = block?.contents?.[0];
  return [event, data.text, content?.component, content?.reason, lastLine(content?.traceback)];
}

const lastLine = (text: unknown): unknown => (typeof text === 'string' ? text.trimEnd().split('\n').at(-1) : text);
