import { setTimeout as delay } from 'node:timers/promises';
import { FlowError, InputConflict } from '../engine/errors.ts';
import type { RunAnswer } from '../engine/run.ts';
import type { Mock } from '../mock.ts';

/** How what a run or a build tells comes to those who follow it. */

/** An event of a run or of a build. */
export interface Told {
  event: string;
  data: any;
}

/** About what a quick model needs for a word, so that an answer is seen to grow. */
export const TOKEN_MS = 40;

export const isWord = ({ event }: Told): boolean => event === 'token';

/** Keeps the message of a model without its text, as one that is not said to its end (BUILD-070); the result, once called, gives the text back. */
export function holdBack({ store }: Mock, told: Told[]): () => void {
  const word = told.find(isWord);
  const whole = word && store.messages.get(word.data.id);
  if (!whole) return () => undefined;
  const { id, text, properties } = whole;
  store.messages.update(id, { text: '', properties: { ...properties, state: 'partial' } });
  return () => {
    // Meanwhile somebody may have deleted it.
    store.unitOfWork(() => store.messages.get(id) && store.messages.update(id, { text, properties }));
  };
}

/** What a run tells, vertex by vertex; the last is its `end` with the answer, or `failed` with the reason. */
export function* tellingRun(run: (emit: (event: string, data: unknown) => void) => Generator<void, RunAnswer>): Generator<Told[]> {
  const told: Told[] = [];
  try {
    const steps = run((event, data) => told.push({ event, data }));
    let step = steps.next();
    for (; !step.done; step = steps.next()) yield told.splice(0);
    yield [...told, { event: 'end', data: { result: step.value } }];
  } catch (error) {
    if (!(error instanceof FlowError || error instanceof InputConflict)) throw error;
    yield [...told, { event: 'failed', data: { error: error.message } }];
  }
}

/**
 * The stream of a run: all at once, or from the first word of a model on at its pace. It goes no further than somebody follows it: when
 * the client goes away the rest is not run. `write` makes the text of an event, or none.
 */
export function streamOf(mock: Mock, telling: Generator<Told[]>, write: (told: Told) => string, sent: string[] = []): string[] | AsyncIterable<string> {
  for (let next = telling.next(); !next.done; next = telling.next()) {
    if (next.value.some(isWord)) return atPace(mock, sent, next.value, telling, write);
    sent.push(...next.value.map(write));
  }
  return sent;
}

async function* atPace(mock: Mock, sent: string[], first: Told[], telling: Generator<Told[]>, write: (told: Told) => string): AsyncGenerator<string> {
  yield* sent.filter(Boolean);
  const { signal } = mock.background;
  const goOn = () => {
    const next = telling.next();
    return { next, release: holdBack(mock, next.value ?? []) };
  };
  let { next, release } = mock.store.unitOfWork(() => ({ next: { value: first } as IteratorResult<Told[]>, release: holdBack(mock, first) }));
  while (!next.done) {
    for (const one of next.value) {
      const text = write(one);
      if (text) yield text;
      signal.throwIfAborted();
      if (isWord(one)) await delay(TOKEN_MS, undefined, { signal });
    }
    release();
    ({ next, release } = mock.store.unitOfWork(goOn));
  }
}
