import { repr, typeName } from '../python/repr.ts';

/** The parts of a validation error that its text shows. */
export interface PydanticError {
  loc: (string | number)[];
  type: string;
  msg: string;
  input: unknown;
}

/** The pydantic release whose pages explain the errors. */
const PAGES = 'https://errors.pydantic.dev/2.11/v/';

/**
 * Validation errors as Python prints an uncaught ValidationError: `1 validation error for FlowCreate`, then three lines
 * for each.
 */
export function pydanticText(model: string, errors: PydanticError[]): string {
  const each = errors.map(({ loc, type, msg, input }) => {
    const what = `[type=${type}, input_value=${shortened(repr(input))}, input_type=${typeName(input)}]`;
    return [
      ...(loc.length > 0 ? [loc.join('.')] : []),
      `  ${msg} ${what}`,
      `    For further information visit ${PAGES}${type}`,
    ].join('\n');
  });
  return [`${errors.length} validation error${errors.length === 1 ? '' : 's'} for ${model}`, ...each].join('\n');
}

/** Bytes at the start of a long value that are shown, and one more than those at its end. */
const HALF = 25;

function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= 2 * HALF) return text;
  const continues = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let end = HALF;
  while (continues(end)) end--;
  let start = bytes.length - (HALF - 1);
  while (continues(start)) start++;
  return `${bytes.subarray(0, end)}...${bytes.subarray(start)}`;
}
