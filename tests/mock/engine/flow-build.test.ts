import { describe, expect, test } from 'vitest';
import type { Built } from '../../../mock/engine/components.ts';
import { FlowBuild } from '../../../mock/engine/flow-build.ts';
import { graphOf } from '../../../mock/engine/graph.ts';
import { resultOf } from '../../../mock/runs/events.ts';
import { dataOf, idOf, recordingEffects, texts } from './flows.ts';

const inputs = { input_value: 'hello', session: 'session', stream: false };

function begin(
  names: string[],
  edges: string[],
  change = (_data: ReturnType<typeof dataOf>) => {},
  former = new Map<string, Built>(),
) {
  const data = dataOf(texts(names, edges));
  change(data);
  const build = new FlowBuild('flow', graphOf({ ...data }), former);
  const { effects, recorded } = recordingEffects();
  const vertex = (name: string) => {
    const found = build.vertex(idOf(name));
    if (!found) throw new Error(`no vertex ${name}`);
    return resultOf(build.build(found, inputs, effects));
  };
  return { build, vertex, recorded };
}

describe('FlowBuild', () => {
  test('says what comes next: what waits for nothing any more', () => {
    const { build, vertex } = begin(['a', 'b', 'c'], ['a>c', 'b>c']);
    build.plan({});
    expect(vertex('a')).toMatchObject({ valid: true, next: [] });
    expect(vertex('b')).toMatchObject({ valid: true, next: [idOf('c')] });
  });

  test('without a plan nothing comes next', () => {
    const { vertex } = begin(['a', 'b'], ['a>b']);
    expect(vertex('a').next).toEqual([]);
  });

  test('refuses a vertex whose source is not built', () => {
    const { vertex } = begin(['a', 'b'], ['a>b']);
    expect(vertex('b')).toMatchObject({ valid: false, params: 'Component Text Input has not been built yet' });
  });

  test('builds a vertex once, whatever it is given later', () => {
    const { vertex, recorded } = begin(['in'], []);
    expect(vertex('in').data).toEqual(vertex('in').data);
    expect(recorded.messages.size).toBe(1);
  });

  test('takes a frozen component from the build before', () => {
    const freeze = (data: ReturnType<typeof dataOf>) => Object.assign(data.nodes[0]?.data.node ?? {}, { frozen: true });
    const former = new Map<string, Built>();
    expect(begin(['in'], [], freeze, former).vertex('in').data.used_frozen_result).toBe(false);
    const second = begin(['in'], [], freeze, former);
    expect(second.vertex('in').data.used_frozen_result).toBe(true);
    expect(second.recorded.messages.size).toBe(0);
  });

  test('builds each vertex on a circle once', () => {
    const { build, vertex } = begin(['a', 'b'], ['a>b', 'b>a']);
    build.plan({});
    expect(vertex('a')).toMatchObject({ valid: true, next: [idOf('b')] });
    expect(vertex('b')).toMatchObject({ valid: true, next: [] });
  });
});
