import { buildFlow, type Catalogue, type FlowDescription } from '../../fixtures/build-flow.ts';
import { type MockOptions, type RunningMock, startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

export interface WithFlow extends AsyncDisposable {
  mock: RunningMock;
  authorization: string;
  apiKey: string;
  /** The id of the flow. */
  flow: string;
}

/**
 * A mock whose user langflow has an API key and one flow, made of the mock's own components; no connection is left
 * open.
 */
export async function mockWithFlow(recipe: FlowDescription, options: MockOptions = {}): Promise<WithFlow> {
  const mock = await startMock({ port: 0, ...options });
  const authorization = await logIn(mock.url);
  const headers = { authorization, 'content-type': 'application/json', connection: 'close' };
  const ask = async <Answer>(path: string, body?: object) =>
    (await (
      await fetch(mock.url + path, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
    ).json()) as Answer;
  const { api_key: apiKey } = await ask<{ api_key: string }>('/api/v1/api_key/', { name: 'client' });
  const { id: flow } = await ask<{ id: string }>(
    '/api/v1/flows/',
    buildFlow(recipe, await ask<Catalogue>('/api/v1/all')),
  );
  return { mock, authorization, apiKey, flow, [Symbol.asyncDispose]: () => mock.close() };
}
