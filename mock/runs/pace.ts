import { setTimeout as delay } from 'node:timers/promises';
import type { Mock } from '../mock.ts';
import type { BuildEvent, StreamEvent } from './events.ts';

/** The pace at which the events of a run or of a build come to who follows them. */

/** About what a quick model needs for a word, so that a response is seen to grow. */
const TOKEN_MS = 40;
/** About what a real server needs for its quickest components: there is time to follow a build, and to cancel it. */
const VERTEX_MS = 5;
/**
 * A model thinks before it speaks: meanwhile the client that began the build comes to follow it. When all events come
 * at once, the editor shows the response twice.
 */
const THINKING_MS = 500;
/** The editor shows words a moment late, and would add the last ones to the whole. */
const ENDING_MS = 150;

/** The same events, with each step as a unit of work: what an event speaks of is durable before it is read. */
function* inUnitsOfWork<Event>({ store }: Mock, events: Generator<Event, void>): Generator<Event, void> {
  try {
    for (;;) {
      const next = store.unitOfWork(() => events.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    events.return();
  }
}

/**
 * The texts of a run's events: all at once, or at the pace of a model from its first word on. The run goes no further
 * than the texts are read.
 */
export function atModelPace(
  mock: Mock,
  events: Generator<StreamEvent, void>,
  write: (event: StreamEvent) => string,
  before: string[] = [],
): string[] | AsyncIterable<string> {
  const texts = [...before];
  for (;;) {
    const next = events.next();
    if (next.done) return texts;
    if (next.value.type === 'messageStart') return followSpeech(mock, texts, next.value, events, write);
    const text = write(next.value);
    if (text) texts.push(text);
  }
}

async function* followSpeech(
  mock: Mock,
  before: string[],
  first: StreamEvent,
  rest: Generator<StreamEvent, void>,
  write: (event: StreamEvent) => string,
): AsyncGenerator<string> {
  const { signal } = mock.background;
  yield* before;
  const text = write(first);
  if (text) yield text;
  signal.throwIfAborted();
  for (const event of inUnitsOfWork(mock, rest)) {
    const next = write(event);
    if (next) yield next;
    signal.throwIfAborted();
    if (event.type === 'token') await delay(TOKEN_MS, undefined, { signal });
  }
}

/** Who follows a build. */
export interface Follower {
  /** Waits; false when the build is to stop. */
  pause(milliseconds: number): Promise<boolean>;
  /** Waits until somebody reads the events, at most so long. */
  isFollowed(milliseconds: number): Promise<void>;
}

/** The events of a build as its components and models take their time; they end early when the build is to stop. */
export async function* atBuildPace(
  mock: Mock,
  events: Generator<BuildEvent, void>,
  follower: Follower,
): AsyncGenerator<BuildEvent> {
  let hasSpoken = false;
  for (const event of inUnitsOfWork(mock, events)) {
    if (event.type === 'messageStart') await follower.isFollowed(THINKING_MS);
    if (event.type === 'vertexBuilt' && hasSpoken && !(await follower.pause(ENDING_MS))) return;
    yield event;
    if (event.type === 'vertexBuilt') hasSpoken = false;
    if (event.type === 'token') hasSpoken = true;
    const milliseconds = event.type === 'token' ? TOKEN_MS : event.type === 'vertexStart' ? VERTEX_MS : 0;
    if (milliseconds > 0 && !(await follower.pause(milliseconds))) return;
  }
}
