import { isObject, tryParseJson } from '../../spec/json.ts';
import { Ids } from './ids.ts';
import { BELONGS, normalJson, normalText, type RunWords } from './normalize.ts';
import { comparedAt } from './places.ts';
import type { Step } from './steps.ts';

/** A place where two responses to the same request differ. */
export interface Difference {
  /** `status`, `header content-type`, `chunks`, or a JSON pointer into the body. */
  at: string;
  mock: string;
  real: string;
}

/** Headers to compare; those of the server itself (date, server, content-length) are not. */
const HEADERS = [
  'content-type',
  'content-disposition',
  'content-encoding',
  'allow',
  'location',
  'www-authenticate',
  'cache-control',
  'vary',
  'mcp-session-id',
];

/** Where the mock's response differs from the real one. */
export function compareResponses(step: Step, words: { mock: RunWords; real: RunWords }, ids = new Ids()): Difference[] {
  const [ours, theirs] = [step.mock.response, step.real.response];
  if (!ours || !theirs)
    return ours === theirs ? [] : [difference('answer', ours ? 'a response' : 'none', theirs ? 'a response' : 'none')];
  if (ours.status !== theirs.status) return [difference('status', ours.status, theirs.status)];
  const headers = HEADERS.flatMap((name) => {
    const [one, other] = [header(name, ours.headers, words.mock), header(name, theirs.headers, words.real)];
    return one === other ? [] : [difference(`header ${name}`, one, other)];
  });
  const cookies = sameList(
    'cookies',
    cookieNames(ours.headers['set-cookie']),
    cookieNames(theirs.headers['set-cookie']),
  );
  const [mock, real] = [contentOf(ours, words.mock), contentOf(theirs, words.real)];
  return [...headers, ...cookies, ...compareJson(mock, real, nameOf(step), ids)];
}

/** The allowed methods have no order: they are a set in Python. */
function header(name: string, headers: Record<string, string>, words: RunWords): string {
  const value = headers[name];
  if (value === undefined) return 'none';
  return name === 'allow' ? value.split(', ').sort().join(', ') : normalText(value, words);
}

const cookieNames = (value = ''): string[] =>
  value.split('\n').map((line) => line.replace(/=[^;]*/, '').replace(/expires=[^;]+/i, 'expires'));
const sameList = (at: string, mock: string[], real: string[]): Difference[] =>
  mock.join() === real.join() ? [] : [difference(at, mock, real)];

type StoredResponse = NonNullable<Step['mock']['response']>;

/** The name of a request in places.ts and accepted.ts. */
export const nameOf = ({ operationId = '', request }: Step): string => `${operationId} ${request}`;

function contentOf({ body, headers }: StoredResponse, words: RunWords): unknown {
  const json =
    /json/.test(headers['content-type'] ?? '') && !/ndjson/.test(headers['content-type'] ?? '')
      ? tryParseJson(body)
      : undefined;
  return json ? normalJson(json.value, words) : frames(body, words);
}

/** Splits a stream into frames with JSON data; other text is a list of one. */
const frames = (text: string, words: RunWords): unknown[] =>
  text.split(/\r?\n\r?\n/).map((frame) => {
    const [, event = '', data = ''] = /^(?:event: (.*)\r?\n)?(?:data: )?([\s\S]*)$/.exec(frame) ?? [];
    const json = tryParseJson(data);
    return json ? [event, normalJson(json.value, words)] : normalText(frame, words);
  });

/** Every place where two JSON values differ: shape first, then values. */
export function compareJson(
  mockValue: unknown,
  realValue: unknown,
  request: string,
  ids: Ids,
  pointer = '',
): Difference[] {
  const [mock, real] = comparedAt(request, pointer, mockValue, realValue);
  if (Array.isArray(mock) && Array.isArray(real)) {
    if (mock.length !== real.length) return [difference(`${pointer}/length`, mock.length, real.length)];
    const found = mock.flatMap((item, index) => compareJson(item, real[index], request, ids, `${pointer}/${index}`));
    return found.length > 0 && inOrder(mock) === inOrder(real)
      ? [difference(`${pointer}/order`, 'the same items', 'in another order')]
      : found;
  }
  if (isObject(mock) && isObject(real)) {
    return [...new Set([...Object.keys(mock), ...Object.keys(real)])].flatMap((key) => {
      const at = `${pointer}/${key}`;
      if (!(key in mock)) return [difference(at, 'absent', real[key])];
      if (!(key in real)) return [difference(at, mock[key], 'absent')];
      return compareJson(mock[key], real[key], request, ids, at);
    });
  }
  const same =
    BELONGS.test(pointer.slice(pointer.lastIndexOf('/') + 1)) && typeof mock === 'string' && typeof real === 'string'
      ? ids.areOne(mock, real)
      : mock === real;
  return same ? [] : [difference(pointer || '/', mock, real)];
}

const inOrder = (list: unknown[]): string => JSON.stringify(list.map((item) => JSON.stringify(item)).sort());
const show = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))).slice(0, 160);
const difference = (at: string, mock: unknown, real: unknown): Difference => ({
  at,
  mock: show(mock),
  real: show(real),
});
