import { describe, expect, test } from 'vitest';
import model from '../../../fixtures/flows/model.json' with { type: 'json' };
import { FlowError } from '../../../mock/engine/errors.ts';
import type { RunEvent } from '../../../mock/engine/events.ts';
import { executeRun, type RunOptions, type RunResult } from '../../../mock/engine/run.ts';
import { dataOf, idOf, recordingEffects, texts } from './flows.ts';

const hello = [{ input_value: 'hello', type: 'chat', components: [] }];

function optionsFor(flow: Parameters<typeof dataOf>[0], rest: Partial<RunOptions> = {}) {
  const { effects, recorded } = recordingEffects();
  const data = dataOf(flow);
  const options: RunOptions = {
    flow: { id: 'flow', data: { ...data } },
    inputs: hello,
    outputs: () => [],
    tweaks: {},
    sessionId: 'session',
    stream: false,
    effects,
    ...rest,
  };
  return { options, recorded };
}

function collect(run: Generator<RunEvent, RunResult>): { events: RunEvent[]; result: RunResult } {
  const events: RunEvent[] = [];
  for (let next = run.next(); ; next = run.next()) {
    if (next.done) return { events, result: next.value };
    events.push(next.value);
  }
}

const echoFlow = texts(['in', 'out'], ['in>out']);

describe('executeRun', () => {
  test('yields what happens vertex by vertex, and returns the outputs', () => {
    const { options, recorded } = optionsFor(echoFlow);
    const { events, result } = collect(executeRun(options));
    expect(events.map(({ type }) => type)).toEqual([
      'vertexStart',
      'message',
      'vertexEnd',
      'vertexStart',
      'message',
      'vertexEnd',
    ]);
    expect(result).toMatchObject({ session_id: 'session', outputs: [{ inputs: { input_value: 'hello' } }] });
    expect(result.outputs[0]?.outputs.map(({ component_id }) => component_id)).toEqual([idOf('out')]);
    expect([...recorded.messages.values()].map(({ text }) => text)).toEqual(['hello', 'hello']);
    expect(recorded.builds.map(({ id }) => id)).toEqual([idOf('in'), idOf('out')]);
  });

  test('goes as far as it is read', () => {
    const { options, recorded } = optionsFor(echoFlow);
    const run = executeRun(options);
    for (let next = run.next(); !next.done && next.value.type !== 'vertexEnd'; next = run.next());
    run.return({ session_id: '', outputs: [] });
    expect(recorded.builds.map(({ id }) => id)).toEqual([idOf('in')]);
    expect(recorded.messages.size).toBe(1);
  });

  test('has a model speak word by word when it is followed, and keeps its message without text until then', () => {
    const inputs = [{ input_value: 'two words', type: 'chat', components: [] }];
    const { options, recorded } = optionsFor(model, { stream: true, inputs });
    const tokens: string[] = [];
    let seen: string | undefined;
    const run = executeRun(options);
    for (let next = run.next(); !next.done; next = run.next()) {
      if (next.value.type !== 'token') continue;
      tokens.push(next.value.chunk);
      seen = recorded.messages.get(next.value.id)?.text;
      expect(recorded.messages.get(next.value.id)?.properties.state).toBe('partial');
    }
    expect(tokens).toEqual(['two ', 'words']);
    expect(seen).toBe('');
    expect([...recorded.messages.values()].at(-1)).toMatchObject({
      text: 'two words',
      properties: { state: 'complete' },
    });
  });

  test('has no words when nobody follows it', () => {
    const { events } = collect(executeRun(optionsFor(model).options));
    expect(events.filter(({ type }) => type === 'token' || type === 'messageStart')).toEqual([]);
  });

  test('yields an error before it fails, and keeps what came before', () => {
    const { options, recorded } = optionsFor(texts(['in', 'out']), { inputs: [] });
    options.flow.data = dataOf(texts(['out']));
    const run = executeRun(options);
    const events: RunEvent[] = [];
    const fail = () => {
      for (let next = run.next(); !next.done; next = run.next()) events.push(next.value);
    };
    expect(fail).toThrow(
      new FlowError('Error running graph: Error building Component Chat Output: \n\nInput data cannot be None'),
    );
    expect(events.map(({ type }) => type)).toEqual(['vertexStart', 'error']);
    expect([...recorded.messages.values()]).toMatchObject([{ category: 'error', text: 'Input data cannot be None\n' }]);
  });

  test('gives the outputs that are wanted, by id or by name', () => {
    const wanted = (outputs: string[]) => {
      const { result } = collect(executeRun(optionsFor(echoFlow, { outputs: () => outputs }).options));
      return result.outputs[0]?.outputs.map(({ component_id }) => component_id);
    };
    expect(wanted([idOf('in')])).toEqual([idOf('in')]);
    expect(wanted(['Chat Output'])).toEqual([idOf('out')]);
    expect(wanted(['nothing'])).toEqual([]);
  });

  test('builds what is connected with the chat input alone', () => {
    const { options, recorded } = optionsFor(texts(['in', 'out', 'apart'], ['in>out']));
    collect(executeRun(options));
    expect(recorded.builds.map(({ id }) => id)).toEqual([idOf('in'), idOf('out')]);
  });
});
