import { isObject } from '../../spec/json.ts';

/** Places whose values can't be compared directly: how they are compared, and why. Each is as narrow as possible. */

interface Place {
  /**
   * The operationId with the request, as in `listMessages GET <url>/api/v1/monitor/messages?order_by=id as alice
   * (bearer)`.
   */
  request: RegExp;
  /** A JSON pointer into the body; '' is the whole. */
  at: RegExp;
  /** What to compare of the two values. */
  compared: (mock: unknown, real: unknown) => [mock: unknown, real: unknown];
}

const each =
  (change: (value: unknown) => unknown) =>
  (mock: unknown, real: unknown): [unknown, unknown] => [change(mock), change(real)];

const PLACES: Place[] = [
  // Sets in Python, whose order differs in each process.
  { request: /Build|build/, at: /\/to_run$/, compared: each(sorted) },
  { request: /^sortVertices /, at: /^\/vertices_to_run$/, compared: each(sorted) },
  // The order of a folder on the server's disk.
  { request: /^listFiles /, at: /^\/files$/, compared: each(sorted) },
  { request: /^listProfilePictures /, at: /^\/files$/, compared: each(sorted) },
  // Ids are random, and so is the order by id.
  { request: /^listMessages .*order_by=id\b/, at: /^$/, compared: each(sorted) },
  // Frames name the vendor's files: only the last error is compared.
  { request: /./, at: /\/(traceback|stackTrace)$/, compared: each(lastError) },
  { request: /^rebuildCustomComponent /, at: /^\/detail$/, compared: each(lastError) },
  // Pictures and example flows are the vendor's or ours: only presence and form are compared.
  {
    request: /^downloadProfilePicture /,
    at: /^\/0$/,
    compared: each((text) => String(text).replace(/^\(\d+ bytes of/, '(bytes of')),
  },
  { request: /^listBasicExamples /, at: /^$/, compared: each(formsOf) },
  // The mock has the components that its engine runs: only these are compared, with all fields.
  { request: /^(listComponents| GET <url>\/api\/v1\/all) /, at: /^$/, compared: sharedOf },
  { request: /^(listComponents| GET <url>\/api\/v1\/all) /, at: /^\/\w+$/, compared: sharedOf },
  // FastAPI's pages, and ours.
  {
    request: /^ GET <url>\/(docs|redoc) /,
    at: /^\/0$/,
    compared: each((text) => /<title>.*<\/title>/.exec(String(text))?.[0] ?? text),
  },
  // The component describes the tool's parameters.
  {
    request: /Mcp/,
    at: /\/inputSchema\/properties\/\w+\/description$/,
    compared: each((text) => (text ? '<description>' : text)),
  },
  // How far an unfinished build has come depends on the timing; a finished one has sent all events.
  { request: /^readBuildEvents .*event_delivery=polling/, at: /^$/, compared: firstIfUnfinished },
];

/** The values to compare at a place: by default both unchanged. */
export function comparedAt(request: string, at: string, mock: unknown, real: unknown): [mock: unknown, real: unknown] {
  return PLACES.filter((place) => place.at.test(at) && place.request.test(request)).reduce(
    ([one, other], { compared }) => compared(one, other),
    [mock, real],
  );
}

function sorted(list: unknown): unknown {
  return Array.isArray(list)
    ? list.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
    : list;
}

/** The last error of a traceback, also of one quoted in a text. */
function lastError(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  const [before = '', ...traces] = text
    .replaceAll('\\n', '\n')
    .replaceAll(/\\+(?=['"])/g, '')
    .split('Traceback (most recent call last):\n');
  const last = traces
    .at(-1)
    ?.split('\n')
    .filter((line) => !line.startsWith(' '));
  return last ? [before.replaceAll('"', "'"), ...last].join('\n').replaceAll(/["']+}?$/g, '') : text;
}

/** The fields of the items of a list and their types, two levels deep. */
function formsOf(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  const forms: Record<string, string[]> = {};
  for (const item of list)
    for (const [name, type] of typesIn(item, 2)) forms[name] = [...new Set([...(forms[name] ?? []), type])].sort();
  return forms;
}

function typesIn(item: object, depth: number, path = ''): [name: string, type: string][] {
  return Object.entries(item).flatMap(([name, value]): [string, string][] => {
    const at = `${path}/${name}`;
    const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
    return [[at, type], ...(type === 'object' && depth > 1 ? typesIn(value, depth - 1, at) : [])];
  });
}

function sharedOf(mock: unknown, real: unknown): [unknown, unknown] {
  if (!isObject(mock) || !isObject(real) || 'template' in mock) return [mock, real];
  const only = (value: object) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => name in mock && name in real));
  return [only(mock), only(real)];
}

function firstIfUnfinished(mock: unknown, real: unknown): [unknown, unknown] {
  const isWhole = (events: unknown[]) => /"event":"(end|error)"/.test(JSON.stringify(events));
  if (!Array.isArray(mock) || !Array.isArray(real) || (isWhole(mock) && isWhole(real))) return [mock, real];
  return [mock.slice(0, 1), real.slice(0, 1)];
}
