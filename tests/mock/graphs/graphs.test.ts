import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningMock, startMock } from '../../../mock/index.ts';
import golden from './golden.json' with { type: 'json' };
import { type Observation, openObserver } from './observe.ts';
import { DIFFERENCES, FIRST } from './variants.ts';

/** Of every graph of variants.ts the mock says what a real 1.7.3 said (golden.json, written by record.ts). */

const known = golden as Record<string, Observation | string>;
let mock: RunningMock;
let observer: Awaited<ReturnType<typeof openObserver>>;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  observer = await openObserver(mock.url);
});
afterAll(() => mock.close());

describe('the mock and a real Langflow say the same of', () => {
  test.concurrent.each(Object.entries(known))('%s', async (name, observed) => {
    const variant = observer.variants.find((one) => one.name === name);
    if (!variant) throw new Error(`golden.json has ${name}, which variants.ts does not make: run record.ts`);
    const real = observed === FIRST ? known[FIRST] : observed;
    const ours = await observer.observe(variant);
    const differing = DIFFERENCES[name]?.ways ?? [];
    expect(without(ours, differing)).toEqual(without(real as Observation, differing));
    if (differing.length > 0) expect(ours).not.toEqual(real);
  });
});

const without = (observation: Observation, ways: string[]): Observation =>
  Object.fromEntries(Object.entries(observation).filter(([way]) => !ways.includes(way)));
