import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HttpError } from '../../mock/errors.ts';
import { compileRequest, type ErrorDetail, parseJson } from '../../mock/validation/index.ts';
import { document, operations } from './validation.document.ts';

interface Golden {
  operation: string;
  params?: Record<string, string>;
  query?: string;
  /** The text that was sent. */
  body?: string;
  /** Absent: application/json; empty: none. */
  contentType?: string;
  /** What a real Langflow 1.7.3 answered; absent when it did not answer 422. */
  detail?: ErrorDetail[];
}

const golden: Golden[] = JSON.parse(readFileSync(new URL('validation.golden.json', import.meta.url), 'utf8'));

/** Reads a request's body and validates the request, as the mock does. */
function validate({ operation: id, params = {}, query = '', body, contentType = 'application/json' }: Golden) {
  const operation = operations[id];
  if (!operation) throw new Error(`No operation ${id}`);
  try {
    const form = 'application/x-www-form-urlencoded' in (operation.requestBody?.content ?? {});
    const isJson = /^$|^application\/(.+\+)?json/i.test(contentType);
    const value =
      body === undefined
        ? undefined
        : form
          ? Object.fromEntries(new URLSearchParams(body))
          : isJson
            ? parseJson(Buffer.from(body))
            : body;
    const outcome = compileRequest(
      operation,
      document,
    )({ params, query: new URLSearchParams(query), headers: {}, body: value });
    return 'errors' in outcome ? { errors: outcome.errors } : outcome;
  } catch (error) {
    if (error instanceof HttpError) return { errors: error.detail };
    throw error;
  }
}

describe('a request is refused in the words of a real Langflow 1.7.3', () => {
  it.each(
    golden
      .filter((one) => one.detail)
      .map((one) => [`${one.operation} ${one.query ?? ''} ${one.body ?? ''} ${JSON.stringify(one.params ?? '')}`, one]),
  )('%s', (_name, one) => {
    expect(validate(one as Golden)).toEqual({ errors: (one as Golden).detail });
  });

  it.each(golden.filter((one) => !one.detail))(
    'and accepted where the real one accepts it: $operation $query $body',
    (one) => {
      expect(validate(one)).toHaveProperty('values');
    },
  );
});

/** The values of the cases below. */
interface Values {
  query: Record<string, unknown>;
  params: Record<string, string>;
  body: { last_login_at?: unknown; field_value?: unknown; properties?: { targets: string[] } };
}

const accepted = (operation: string, request: Partial<Golden>) =>
  (validate({ operation, ...request }) as unknown as { values: Values }).values;

describe('accepted requests', () => {
  it('coerces query strings, uses the last of several values, and fills in defaults', () => {
    expect(accepted('listFlows', { query: 'page=x&page=1_0&header_flows=on&get_all=0' }).query).toEqual({
      remove_example_flows: false,
      components_only: false,
      get_all: false,
      header_flows: true,
      page: 10,
      size: 50,
    });
    expect(accepted('listComponents', { query: 'tags=a&tags=b' }).query['tags']).toEqual(['a', 'b']);
  });

  it('keeps only declared fields, and all fields of a dictionary', () => {
    const data = { nodes: [], edges: [], more: 1 };
    const { body } = accepted('createFlow', { body: JSON.stringify({ name: 'x', data, other: 1 }) });
    expect(body).toEqual({
      name: 'x',
      data,
      is_component: false,
      webhook: false,
      locked: false,
      access_type: 'PRIVATE',
    });
  });

  it('omits what was not given and has no default', () => {
    expect(accepted('updateFlow', { params: { flow_id: crypto.randomUUID() }, body: '{"name":null}' }).body).toEqual({
      name: null,
    });
  });

  it('normalizes a UUID, and writes a date in ISO form', () => {
    const params = { flow_id: '{A2345678-1234-1234-1234-1234567890AB}' };
    expect(accepted('readFlow', { params }).params['flow_id']).toBe('a2345678-1234-1234-1234-1234567890ab');
    const user = (last_login_at: unknown) =>
      accepted('updateUser', { params: { user_id: crypto.randomUUID() }, body: JSON.stringify({ last_login_at }) }).body
        .last_login_at;
    expect(user('2024-01-01')).toBe('2024-01-01T00:00:00');
    expect(user('2024-01-01 10:20:30.5+0100')).toBe('2024-01-01T10:20:30.500000+01:00');
    expect(user(1700000000)).toBe('2023-11-14T22:13:20Z');
  });

  it('chooses the closest member of a union', () => {
    const value = (field_value: unknown) =>
      accepted('updateComponent', { body: JSON.stringify({ code: '', field: '', template: {}, field_value }) }).body
        .field_value;
    expect([value('1'), value(1), value(1.5), value(true), value({ a: 1 }), value([1]), value(null)]).toEqual([
      '1',
      1,
      1.5,
      true,
      { a: 1 },
      [1],
      null,
    ]);
  });

  it('shares no default between requests', () => {
    const properties = () =>
      accepted('updateMessage', { params: { message_id: crypto.randomUUID() }, body: '{"properties":{}}' }).body
        .properties;
    properties()?.targets.push('x');
    expect(properties()?.targets).toEqual([]);
  });
});

describe('fields by code', () => {
  it('ends the request with a message where the real validator does', () => {
    expect(validate({ operation: 'createFlow', body: '{"name":"x","endpoint_name":"a b"}' })).toEqual({
      errors: 'Endpoint name must contain only letters, numbers, hyphens, and underscores',
    });
  });
});

describe('JSON as Python reads it', () => {
  it('knows NaN, and refuses bytes that are no UTF-8 as FastAPI does', () => {
    expect(parseJson(Buffer.from('[NaN, -Infinity]'))).toEqual([Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(
      expect.objectContaining({ status: 400, detail: 'There was an error parsing the body' }),
    );
  });

  it('that Python cannot read is refused, wherever it is', () => {
    const unreadable = expect.objectContaining({ status: 400, detail: 'There was an error parsing the body' });
    const long = '1'.repeat(4301);
    for (const before of [0, 1, 4000, 4300, 9000])
      expect(() => parseJson(Buffer.from(`["${'é'.repeat(before)}", ${long}]`))).toThrow(unreadable);
    const longest = `["${long}",1${'0'.repeat(4299)}]`;
    expect(JSON.stringify(parseJson(Buffer.from(longest)))).toBe(longest);
    const deep = (depth: number) => Buffer.from(`${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`);
    expect(() => parseJson(deep(952))).toThrow(unreadable);
    expect(() => parseJson(deep(950))).not.toThrow();
    expect(() => parseJson(Buffer.from(JSON.stringify('[{'.repeat(2000))))).not.toThrow();
  });

  it.each([
    ['"abc', 'Unterminated string starting at', 0],
    ['"\\u12"', 'Invalid \\uXXXX escape', 2],
    ['{"😀": y}', 'Expecting value', 6],
    ['{"a" 1}', "Expecting ':' delimiter", 5],
    ['01', 'Extra data', 1],
  ])('%s', (body, error, position) => {
    expect(validate({ operation: 'createFlow', body })).toEqual({
      errors: [{ type: 'json_invalid', loc: ['body', position], msg: 'JSON decode error', input: {}, ctx: { error } }],
    });
  });
});
