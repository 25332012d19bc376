import type { Fault } from './mutant.ts';

/** Faults of JSON-RPC messages that come as the data of server-sent events. */

const DATA = /^data: (\{.*?\})(\r?)$/gm;

interface RpcMessage {
  jsonrpc?: string;
  id?: unknown;
  result?: RpcResult;
  error?: object;
}

/** The fields of results that faults change. */
interface RpcResult {
  isError?: boolean;
  content?: { text?: string }[];
  tools?: { name?: string; description?: string }[];
  protocolVersion?: string;
  serverInfo?: object;
  capabilities?: object;
}

/** Changes the messages for which `spoil` returns a value. */
const onMessage =
  (spoil: (message: RpcMessage) => unknown): Fault =>
  async (request, { send, applied }) => {
    const response = await send(request);
    if (response.status >= 300 || !String(response.headers['content-type']).startsWith('text/event-stream'))
      return response;
    const text = response.body.toString('utf8').replaceAll(DATA, (line, data: string, end: string) => {
      const spoiled = spoil(JSON.parse(data));
      if (spoiled === undefined) return line;
      applied();
      return `data: ${JSON.stringify(spoiled)}${end}`;
    });
    return { ...response, body: Buffer.from(text) };
  };

const withResult = (spoil: (result: RpcResult) => unknown): Fault =>
  onMessage((message) => {
    const result = message.result && spoil(message.result);
    return result === undefined ? undefined : { ...message, result };
  });

/** The list of a result: tools, contents, texts. */
const listIn = (result: RpcResult): [name: string, list: unknown[]] | undefined =>
  Object.entries(result).find((entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length > 0);

export const rpcFaults: Record<string, Fault> = {
  'result missing': onMessage(({ result, ...message }) => (result === undefined ? undefined : message)),
  'response with another id': onMessage((message) =>
    message.id === undefined ? undefined : { ...message, id: 'another' },
  ),
  'version of JSON-RPC missing': onMessage(({ jsonrpc: _, ...message }) => message),
  'error sent as a result': onMessage(({ error, ...message }) => (error ? { ...message, result: {} } : undefined)),
  'code of an error changed': onMessage((message) =>
    message.error ? { ...message, error: { ...message.error, code: 1 } } : undefined,
  ),
  'last of a list missing': withResult((result) => {
    const [name, list] = listIn(result) ?? [];
    return name && list && { ...result, [name]: list.slice(0, -1) };
  }),
  'isError turned round': withResult((result) =>
    result.isError === undefined ? undefined : { ...result, isError: !result.isError },
  ),
  'text of a tool changed': withResult((result) =>
    result.content?.length
      ? { ...result, content: result.content.map((one) => ({ ...one, text: `${one.text} changed` })) }
      : undefined,
  ),
  'tool under another name': withResult((result) =>
    result.tools?.length
      ? { ...result, tools: result.tools.map((tool) => ({ ...tool, name: `${tool.name}_x` })) }
      : undefined,
  ),
  'tool without its description': withResult((result) =>
    result.tools?.length ? { ...result, tools: result.tools.map(({ description: _, ...tool }) => tool) } : undefined,
  ),
  'inputSchema empty': withResult((result) =>
    result.tools?.length
      ? { ...result, tools: result.tools.map((tool) => ({ ...tool, inputSchema: { type: 'object' } })) }
      : undefined,
  ),
  'version of the protocol not agreed on': withResult((result) =>
    result.protocolVersion ? { ...result, protocolVersion: '2024-10-07' } : undefined,
  ),
  'server nameless': withResult((result) => (result.serverInfo ? { ...result, serverInfo: {} } : undefined)),
  'capabilities missing': withResult((result) => (result.capabilities ? { ...result, capabilities: {} } : undefined)),
  'event under another name': async (request, { send, applied }) => {
    const response = await send(request);
    const text = response.body.toString('utf8');
    const renamed = text.replaceAll(/^event: message/gm, 'event: other');
    if (renamed !== text) applied();
    return { ...response, body: Buffer.from(renamed) };
  },
};
