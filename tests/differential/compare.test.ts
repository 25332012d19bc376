import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../reports/run.ts';
import { compareResponses } from './compare.ts';
import { Ids } from './ids.ts';
import type { Step } from './steps.ts';

const words = {
  mock: { runId: 'aaaaaa', url: 'http://127.0.0.1:1' },
  real: { runId: 'bbbbbb', url: 'http://127.0.0.1:2' },
};

function exchange(body: unknown, headers: Record<string, string> = {}): Exchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
    bytes: text.length,
  };
  return {
    id: 'x-1',
    credential: 'none',
    request: { method: 'GET', url: '', headers: {} },
    response,
    at: 0,
    durationMs: 0,
    violations: [],
  };
}

function differences(
  operationId: string,
  mock: unknown,
  real: unknown,
  request = 'GET <url>/x as none',
  headers: [object?, object?] = [],
): string[] {
  const [ours, theirs] = headers as [Record<string, string>?, Record<string, string>?];
  const step: Step = {
    requirement: 'X-001',
    request,
    operationId,
    mock: exchange(mock, ours),
    real: exchange(real, theirs),
  };
  return compareResponses(step, words).map(({ at }) => at);
}

describe('two responses', () => {
  test('are equal if they differ only in what differs in every run', () => {
    const of = (run: string, id: string) => ({
      id,
      name: `flow ${run}-1-7`,
      other: `ALIKE ${run.toUpperCase()}-1-9`,
      updated_at: '2026-01-01T00:00:00+00:00',
    });
    const [one, other] = ['16582652-e86a-4b75-b193-099eccd0a7f5', 'e121ed90-fef4-4ca1-92ac-bc69ce1a0931'];
    expect(differences('readFlow', of('aaaaaa', one), of('bbbbbb', other))).toEqual([]);
    expect(differences('readFlow', of('aaaaaa', one), { ...of('bbbbbb', other), name: 'flow' })).toEqual(['/name']);
  });

  test('differ by a value, a property, a type, a length and an order', () => {
    expect(differences('readFlow', { a: 1, b: [1], c: [1, 2], d: null }, { a: '1', b: [], c: [2, 1] })).toEqual([
      '/a',
      '/b/length',
      '/c/order',
      '/d',
    ]);
  });

  test('may differ in order only where there is none', () => {
    const event = (to_run: string[]) => JSON.stringify({ event: 'vertices_sorted', data: { ids: to_run, to_run } });
    const stream = [{ 'content-type': 'text/event-stream' }, { 'content-type': 'text/event-stream' }] as [
      object,
      object,
    ];
    expect(differences('buildFlow', event(['a', 'b']), event(['b', 'a']), undefined, stream)).toEqual([
      '/0/1/data/ids/order',
    ]);
    expect(differences('listFiles', { files: ['a', 'b'] }, { files: ['b', 'a'] })).toEqual([]);
    expect(differences('listFilesV2', [{ n: 'a' }, { n: 'b' }], [{ n: 'b' }, { n: 'a' }])).toEqual(['/order']);
    expect(differences('readVersion', {}, {}, undefined, [{ allow: 'GET, POST' }, { allow: 'POST, GET' }])).toEqual([]);
  });

  test('have the same owner wherever they have it in one', () => {
    const ids = new Ids();
    const owned = (user_id: string): Exchange => exchange({ user_id });
    const found = (mock: string, real: string) =>
      compareResponses(
        {
          requirement: 'X-001',
          request: 'GET <url>/x as none',
          operationId: 'readFlow',
          mock: owned(mock),
          real: owned(real),
        },
        words,
        ids,
      ).map(({ at }) => at);
    expect([found('a', 'A'), found('b', 'B'), found('a', 'A'), found('a', 'B'), found('c', 'A')]).toEqual([
      [],
      [],
      [],
      ['/user_id'],
      ['/user_id'],
    ]);
  });

  test('have tracebacks that end alike', () => {
    const traced = (error: string, frames = '') => ({
      traceback: `Traceback (most recent call last):\n${frames}${error}\n`,
    });
    const frames = '  File "/a.py", line 1, in f\n    f()\n';
    expect(differences('buildFlow', traced('KeyError: 1'), traced('KeyError: 1', frames))).toEqual([]);
    expect(differences('buildFlow', traced('KeyError: 1'), traced('KeyError: 2', frames))).toEqual(['/traceback']);
  });

  test('may differ in the texts and code of components, not in their fields', () => {
    const field = { type: 'code', show: true, info: 'What it does', value: 'class A' };
    const component = (words: string, changes = {}) => ({
      input_output: {
        A: {
          description: words,
          template: { code: { ...field, value: words, info: words } },
          outputs: [],
          metadata: { code_hash: words, module: 'a' },
          ...changes,
        },
      },
      [words]: {},
    });
    expect(differences('listComponents', component('ours'), component('theirs'))).toEqual([]);
    expect(differences('listComponents', component('ours'), component('theirs', { description: '' }))).toEqual([
      '/input_output/A/description',
    ]);
    expect(
      differences('listComponents', component('ours'), component('theirs', { metadata: { module: 'b' } })),
    ).toEqual(['/input_output/A/metadata/module']);
    const shown = { code: { ...field, show: false } };
    expect(differences('listComponents', component('ours'), component('theirs', { template: shown }))).toEqual([
      '/input_output/A/template/code/show',
    ]);
  });

  test('have all events of a build that ended, and otherwise begin alike', () => {
    const poll = 'GET <url>/api/v1/build/<uuid>/events?event_delivery=polling as alice';
    const events = (...names: string[]) => names.map((event) => JSON.stringify({ event })).join('\n\n\n');
    const ndjson = [{ 'content-type': 'application/x-ndjson' }, { 'content-type': 'application/x-ndjson' }] as [
      object,
      object,
    ];
    const compared = (mock: string, real: string) => differences('readBuildEvents', mock, real, poll, ndjson);
    expect(compared(events('a', 'b', 'end'), events('a', 'end'))).toEqual(['/length']);
    expect(compared(events('a', 'b'), events('a'))).toEqual([]);
    expect(compared(events('a', 'b'), events('b'))).toEqual(['/0/1/event']);
  });
});
