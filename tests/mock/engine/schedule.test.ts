import { describe, expect, test } from 'vitest';
import { graphOf } from '../../../mock/engine/graph.ts';
import { entryOf, layersOf } from '../../../mock/engine/layers.ts';
import { type Limits, scheduleOf } from '../../../mock/engine/schedule.ts';
import { dataOf, idOf, texts } from './flows.ts';

const graph = (names: string[], edges: string[] = []) => graphOf({ ...dataOf(texts(names, edges)) });

/** The names of what a schedule begins with, and of all that it may build. */
function schedule(names: string[], edges: string[] = [], limits: Limits = {}): { first: string[]; toRun: string[] } {
  const { first, toRun } = scheduleOf(graph(names, edges), limits);
  const nameOf = (id: string) => id.split('-')[1] as string;
  return { first: first.map(nameOf), toRun: [...toRun].map(nameOf).toSorted() };
}

describe('scheduleOf', () => {
  test('begins with what waits for nothing', () => {
    expect(schedule(['a', 'b', 'c'], ['a>c', 'b>c'])).toEqual({ first: ['a', 'b'], toRun: ['a', 'b', 'c'] });
  });

  test('begins with the chat input alone', () => {
    expect(schedule(['a', 'in', 'out'], ['in>out'])).toEqual({ first: ['in'], toRun: ['a', 'in', 'out'] });
  });

  test('stops at a vertex: builds it and what leads to it', () => {
    const all = schedule(['a', 'b', 'c'], ['a>b', 'b>c'], { stop: idOf('b') });
    expect(all).toEqual({ first: ['a'], toRun: ['a', 'b'] });
  });

  test('starts at a vertex: builds what it leads to, and what leads there', () => {
    const all = schedule(['a', 'b', 'c', 'd'], ['a>b', 'c>b', 'd>a'], { start: idOf('a') });
    expect(all).toEqual({ first: ['c', 'd'], toRun: ['a', 'b', 'c', 'd'] });
    expect(schedule(['a', 'b', 'c'], ['a>b'], { start: idOf('c') })).toEqual({ first: ['c'], toRun: ['c'] });
  });

  test('builds nothing for a vertex that is not there', () => {
    expect(schedule(['a'], [], { stop: 'nothing' })).toEqual({ first: [], toRun: [] });
  });

  test('refuses a second chat input', () => {
    const data = dataOf(texts(['in']));
    const second = structuredClone(data.nodes[0]);
    if (second) second.id = second.data.id = 'ChatInput-second';
    const two = graphOf({ ...data, nodes: [...data.nodes, second] });
    expect(() => scheduleOf(two, {})).toThrow('Only one chat input is allowed in the graph');
  });

  test('enters a circle at the chat output that it leads to, and builds no more than that leads to', () => {
    const all = schedule(['a', 'b', 'out'], ['a>b', 'b>a', 'b>out']);
    expect(all).toEqual({ first: ['out'], toRun: ['out'] });
  });

  test('enters a circle behind a chat input by it', () => {
    const all = schedule(['in', 'a', 'b', 'out'], ['in>a', 'a>b', 'b>a', 'b>out']);
    expect(all).toEqual({ first: ['in'], toRun: ['a', 'b', 'in', 'out'] });
  });

  test('refuses a vertex that leads to itself where it is built', () => {
    expect(() => scheduleOf(graph(['a', 'b'], ['a>b', 'b>b']), {})).toThrow('maximum recursion depth exceeded');
    expect(schedule(['a', 'b'], ['b>b'])).toEqual({ first: ['a'], toRun: ['a'] });
  });
});

describe('layersOf', () => {
  test('has a vertex on a circle at most twice', () => {
    const layers = layersOf(graph(['in', 'a', 'b'], ['in>a', 'a>b', 'b>a']), [idOf('in'), idOf('a'), idOf('b')]);
    expect(layers[0]).toEqual([idOf('in')]);
    for (const id of [idOf('a'), idOf('b')]) expect(layers.flat().filter((each) => each === id).length).toBeLessThan(3);
  });
});

test('a flow without a beginning is entered by a webhook, then by a chat, then by the first', () => {
  expect(entryOf(['TextInput-a', 'ChatOutput-b', 'Webhook-c'])).toBe('Webhook-c');
  expect(entryOf(['TextInput-a', 'ChatOutput-b'])).toBe('ChatOutput-b');
  expect(entryOf(['TextInput-a', 'TextInput-b'])).toBe('TextInput-a');
  expect(entryOf([])).toBeUndefined();
});
