import { type Pattern, parsePattern, UnsupportedPattern } from './pattern.ts';

export { PatternError, UnsupportedPattern } from './pattern.ts';

/** Most states of an expression, with its repetitions written out. */
const MOST_STATES = 5000;
/** Most steps, each one character in one state. All take most of a second. */
const MOST_STEPS = 5_000_000;

interface State {
  /** Goes on if this accepts the next character. Without it, goes on without a character. */
  takes?: (sign: number) => boolean;
  /** Goes on only if this holds at the position. */
  holds?: (signs: Uint32Array, at: number) => boolean;
  next: number[];
}

/**
 * Whether `re.match(pattern, text)` matches at the start of the text. All ways to match are followed at once, so the
 * number of steps is at most the characters of the text times the states of the pattern. A backtracking engine may take
 * exponentially many.
 *
 * @throws PatternError for a pattern that `re` refuses; UnsupportedPattern for look-around, back-references and the
 * like, or for too many steps
 */
export function matchesStart(pattern: string, text: string): boolean {
  const states = statesOf(parsePattern(pattern));
  const signs = Uint32Array.from([...text], (sign) => sign.codePointAt(0) as number);
  const seen = new Uint32Array(states.length);
  let steps = 0;
  const current = [0];
  for (let at = 0; current.length > 0; at++) {
    const taking: State[] = [];
    // Adds the states that are reached without a character.
    for (let index = current.pop(); index !== undefined; index = current.pop()) {
      if (seen[index] === at + 1) continue;
      seen[index] = at + 1;
      if (++steps > MOST_STEPS) throw new UnsupportedPattern('it takes too many steps on this text');
      const state = states[index] as State;
      if (state.next.length === 0) return true;
      if (state.takes) taking.push(state);
      else if (!state.holds || state.holds(signs, at)) current.push(...state.next);
    }
    if (at === signs.length) return false;
    for (const { takes, next } of taking) if (takes?.(signs[at] as number)) current.push(...next);
    steps += taking.length;
  }
  return false;
}

/** The states of a pattern. The first is the start; the one that nothing follows is the end. */
function statesOf(pattern: Pattern): State[] {
  const states: State[] = [];
  let parts = 0;
  const add = (state: State): number => {
    if (states.length >= MOST_STATES) throw new UnsupportedPattern('it is too long, or repeats too much');
    return states.push(state) - 1;
  };
  /** Adds the states of a part after state `from`; returns the state after the part. */
  const build = (part: Pattern, from: number): number => {
    // A part without states can be repeated too.
    if (++parts > MOST_STATES) throw new UnsupportedPattern('it is too long, or repeats too much');
    const step = (state: Omit<State, 'next'>): number => {
      const end = add({ next: [] });
      (states[from] as State).next.push(add({ ...state, next: [end] }));
      return end;
    };
    switch (part.kind) {
      case 'sign':
        return step({ takes: part.takes });
      case 'place':
        return step({ holds: part.holds });
      case 'sequence':
        return part.parts.reduce((at, one) => build(one, at), from);
      case 'choice': {
        const end = add({ next: [] });
        for (const option of part.options) {
          const start = add({ next: [] });
          (states[from] as State).next.push(start);
          (states[build(option, start)] as State).next.push(end);
        }
        return end;
      }
      case 'repeat':
        return repeated(part, from);
    }
  };
  const repeated = ({ part, least, most }: Extract<Pattern, { kind: 'repeat' }>, from: number): number => {
    let at = from;
    for (let count = 0; count < least; count++) at = build(part, at);
    const end = add({ next: [] });
    if (most === Number.POSITIVE_INFINITY) {
      const loop = add({ next: [end] });
      (states[at] as State).next.push(loop);
      (states[build(part, loop)] as State).next.push(loop);
      return end;
    }
    for (let count = least; count < most; count++) {
      (states[at] as State).next.push(end);
      at = build(part, at);
    }
    (states[at] as State).next.push(end);
    return end;
  };
  const start = add({ next: [] });
  const end = build(pattern, start);
  // A separate end state: the state that nothing follows is where everything has matched.
  (states[end] as State).next.push(add({ next: [] }));
  return states;
}
