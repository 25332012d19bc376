import { isObject, type JsonObject } from '../../spec/json.ts';
import type { Fault, ProxiedRequest, ProxiedResponse } from './mutant.ts';

/** The faults, as functions of what they change. */

const isSuccess = ({ status }: ProxiedResponse) => status < 300;

/** Changes the responses for which `spoil` returns a value. */
function onResponse(spoil: (response: ProxiedResponse) => ProxiedResponse | undefined): Fault {
  return async (request, { send, applied }) => {
    const response = await send(request);
    const spoiled = spoil(response);
    if (spoiled) applied();
    return spoiled ?? response;
  };
}

function onJson(spoil: (json: unknown) => unknown, when: (response: ProxiedResponse) => boolean = isSuccess): Fault {
  return onResponse((response) => {
    if (!when(response) || response.body.length === 0 || !String(response.headers['content-type']).includes('json'))
      return undefined;
    const spoiled = spoil(JSON.parse(response.body.toString('utf8')));
    return spoiled === undefined ? undefined : { ...response, body: Buffer.from(JSON.stringify(spoiled)) };
  });
}

/** In an object, or in the first object of a list. */
function inObject(json: unknown, change: (object: JsonObject) => boolean): unknown {
  const target: unknown = Array.isArray(json) ? json[0] : json;
  return isObject(target) && change(target) ? json : undefined;
}

export const status = (wrong: number): Fault =>
  onResponse((response) => (isSuccess(response) ? { ...response, status: wrong } : undefined));

export const refusalStatus = (from: number, wrong: number): Fault =>
  onResponse((response) => (response.status === from ? { ...response, status: wrong } : undefined));

export const missingField = (name: string): Fault =>
  onJson((json) => inObject(json, (object) => name in object && delete object[name]));

export const wrongType = (name: string): Fault =>
  onJson((json) =>
    inObject(json, (object) => {
      if (!(name in object)) return false;
      object[name] = { not: 'this' };
      return true;
    }),
  );

export const errorShape = (from: number): Fault =>
  onJson(
    (json) => {
      if (!isObject(json)) return undefined;
      const { detail, error } = json;
      if (detail !== undefined) return { error: detail };
      return isObject(error) ? { detail: error['message'] } : undefined;
    },
    (response) => response.status === from,
  );

export const mediaType: Fault = onResponse((response) => {
  if (!isSuccess(response) || !response.headers['content-type']) return undefined;
  return { ...response, headers: { ...response.headers, 'content-type': 'text/html; charset=utf-8' } };
});

export const withoutHeader = (name: string): Fault =>
  onResponse((response) => {
    if (!isSuccess(response) || !(name in response.headers)) return undefined;
    const { [name]: _, ...headers } = response.headers;
    return { ...response, headers };
  });

/** A text of the request is changed in the response. */
export const wrongEcho = (name: string): Fault =>
  onJson((json) =>
    inObject(json, (object) => {
      if (typeof object[name] !== 'string') return false;
      object[name] += ' changed';
      return true;
    }),
  );

/** Reverses the longest list of the response (itself, or one of its fields). */
export const reversed: Fault = onJson((json) => {
  const list = listIn(json);
  if (!list || list.length < 2) return undefined;
  list.reverse();
  return json;
});

const listIn = (json: unknown): unknown[] | undefined =>
  Array.isArray(json) ? json : Object.values(json ?? {}).find(Array.isArray);

export const lastMissing: Fault = onJson((json) => {
  const list = listIn(json);
  if (!list?.length) return undefined;
  list.pop();
  return json;
});

export const queryIgnored =
  (name: string): Fault =>
  async (request, { send, applied }) => {
    if (!request.query.has(name)) return send(request);
    applied();
    const query = new URLSearchParams(request.query);
    query.delete(name);
    return send({ ...request, query });
  };

export const bodyFieldIgnored =
  (name: string): Fault =>
  async (request, { send, applied }) => {
    const body = jsonOf(request);
    if (!body || !(name in body)) return send(request);
    applied();
    const { [name]: _, ...rest } = body;
    return send({ ...request, body: Buffer.from(JSON.stringify(rest)) });
  };

function jsonOf(request: ProxiedRequest): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'));
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The write gets its response, and is undone. */
export const notKept: Fault = async (request, { send, forgetting, applied }) => {
  const response = await forgetting(() => send(request));
  if (isSuccess(response)) applied();
  return response;
};

/** Requests that are refused for a credential of this kind are served as the superuser's. */
export const credentialAccepted =
  (kind: 'none' | 'bearer' | 'key'): Fault =>
  async (request, { send, admin, applied }) => {
    const response = await send(request);
    if (![401, 403].includes(response.status) || kindOf(request) !== kind) return response;
    applied();
    const { authorization, 'x-api-key': key, ...headers } = request.headers;
    const query = new URLSearchParams(request.query);
    query.delete('x-api-key');
    const served = await send({ ...request, query, headers: { ...headers, ...admin } });
    return served.status === response.status ? { ...served, status: 200, body: Buffer.from('{}') } : served;
  };

function kindOf({ headers, query }: ProxiedRequest): 'none' | 'bearer' | 'key' {
  if (headers['authorization']) return 'bearer';
  return headers['x-api-key'] || query.has('x-api-key') ? 'key' : 'none';
}

/** Another user's data is served as to its owner. */
export const foreignDataServed: Fault = async (request, { send, credentials, applied }) => {
  const response = await send(request);
  const shown = request.headers['authorization'] ? 'authorization' : 'x-api-key';
  if (isSuccess(response) || !request.headers[shown]) return response;
  for (const [value, header] of [...credentials].reverse()) {
    if (header !== shown || value === request.headers[shown]) continue;
    const served = await send({ ...request, headers: { ...request.headers, [shown]: value } });
    if (!isSuccess(served)) continue;
    applied();
    return served;
  }
  return response;
};

export const streamCut: Fault = onResponse((response) =>
  isSuccess(response) && response.body.length > 0
    ? { ...response, body: response.body.subarray(0, Math.floor(response.body.length / 2)) }
    : undefined,
);

export const streamRunsTogether: Fault = onResponse((response) => {
  const text = response.body.toString('utf8');
  const together = text.replaceAll(/(\r?\n)\r?\n/g, '$1');
  return isSuccess(response) && together !== text ? { ...response, body: Buffer.from(together) } : undefined;
});

/** Changes the frames of a stream whose JSON names an event; other responses are unchanged. */
function onEvents(
  change: (frames: string[], isOf: (frame: string, event: string) => boolean) => string[] | undefined,
): Fault {
  const isOf = (frame: string, event: string) => new RegExp(`^\\s*\\{"event": ?"${event}"`).test(frame);
  return onResponse((response) => {
    const frames = response.body.toString('utf8').split('\n\n');
    const changed = isSuccess(response) && frames.length > 1 ? change(frames, isOf) : undefined;
    return changed && { ...response, body: Buffer.from(changed.join('\n\n')) };
  });
}

export const eventMissing = (event: string): Fault =>
  onEvents((frames, isOf) => {
    const kept = frames.filter((frame) => !isOf(frame, event));
    return kept.length < frames.length ? kept : undefined;
  });

export const eventTwice = (event: string): Fault =>
  onEvents((frames, isOf) => {
    const doubled = frames.flatMap((frame) => (isOf(frame, event) ? [frame, frame] : [frame]));
    return doubled.length > frames.length ? doubled : undefined;
  });

export const eventWithout = (event: string, field: string): Fault =>
  onEvents((frames, isOf) => {
    let found = false;
    const spoiled = frames.map((frame) => {
      if (!isOf(frame, event)) return frame;
      const { data, ...rest } = JSON.parse(frame);
      found ||= field in data;
      const { [field]: _, ...others } = data;
      return JSON.stringify({ ...rest, data: others });
    });
    return found ? spoiled : undefined;
  });

/** The second event comes before the first. */
export const eventsSwapped: Fault = onEvents(([first = '', second = '', ...rest]) =>
  second.trim().startsWith('{') ? [second, first, ...rest] : undefined,
);

export const broken: Fault = async (_request, { applied }) => {
  applied();
  return { status: 500, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"detail":"broken"}') };
};

/** No fault: its mutant must survive, otherwise the tests fail for another reason. */
export const none: Fault = (request, { send, applied }) => {
  applied();
  return send(request);
};
